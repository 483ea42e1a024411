"""`/audit`: who reads which rows of the record, and that reading it is on record."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from core.access import Role
from core.camera import DepartmentId
from registry import departments
from registry.access import api_keys
from registry.audit.checkpoints import CheckpointKeys, make_checkpoint
from registry.audit.entry import Act, Entry, Outcome
from registry.audit.reading import RecordFilter, list_record
from registry.audit.seals import Sealing
from tests.support.recording import RECORD_BEGAN_AT, an_entry, clear_record, record
from tests.support.waiting import wait_for
from tests.system.api.conftest import City

SCHOOLS = DepartmentId(2)


@pytest.fixture
def below(city: City) -> DepartmentId:
    """A department below the schools."""
    with city.services.database.write() as connection:
        known = {one.name: one.id for one in departments.list_departments(connection)}
        if "Primary schools" not in known:
            return departments.add(connection, name="Primary schools", parent=SCHOOLS).id
        return known["Primary schools"]


@pytest.fixture(autouse=True)
def empty_record(city: City) -> None:
    """Every test begins with nothing on record."""
    clear_record(city.services.database)


def asking(city: City, role: Role, department: DepartmentId | None = None) -> httpx2.Client:
    """A client of somebody with that role."""
    with city.services.database.write() as connection:
        at = city.services.clock.now()
        _, key = api_keys.add(connection, name=f"{role.value}", role=role, department=department, made_by=None, at=at)
    return httpx2.Client(
        base_url=f"{city.server.url}/api/v1", timeout=10, trust_env=False, headers={"Authorization": f"Bearer {key}"}
    )


def keep(city: City, *entries: Entry) -> list[int]:
    return record(city.services.database, entries)


def objects(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["object"] for item in answer.json()["items"] if item["act"] != "record_read"]


def test_a_row_says_who_did_what_from_where_and_what_for(city: City) -> None:
    (number,) = keep(city, an_entry(17, detail={"filters": {"label": ["car"]}}))
    (item,) = city.get("/audit").json()["items"]
    assert item == {
        "id": number,
        "at": "2026-05-01T08:00:17.000Z",
        "act": "look_at_clip",
        "outcome": "done",
        "actor": {
            "kind": "person",
            "id": 3,
            "name": "Person 3",
            "role": "operator",
            "department": {"id": 2, "name": "Schools"},
        },
        "address": "192.0.2.7",
        "object_kind": "event",
        "object": "17",
        "camera": {"id": 8, "name": "Camera 8"},
        "departments": [{"id": 2, "name": "Schools"}],
        "purpose": "what for",
        "detail": {"filters": {"label": ["car"]}},
        "sealed": False,
    }


FILTERS: list[dict[str, Any]] = [
    {},
    {"act": ["search"]},
    {"act": ["search", "refusal"]},
    {"outcome": "refused"},
    {"person": 2},
    {"key": 2},
    {"department": 1},
    {"camera": 4},
    {"object": "5"},
    {"object_kind": "camera"},
    {"person": 2, "act": ["search"], "department": 1, "object_kind": "event"},
    {"camera": 4, "department": 2},
    {"department": 2, "act": ["look_at_clip", "refusal"]},
    {"from": "2026-05-01T08:00:10Z", "to": "2026-05-01T08:00:20Z"},
    {"from": "2027-01-01T00:00:00Z"},
    {"to": "2026-01-01T00:00:00Z"},
    {"person": 1, "from": "2026-05-01T08:00:10Z"},
]


def entries() -> list[Entry]:
    made = [an_entry(n) for n in range(40)]
    made += [an_entry(n, act=Act.REFUSAL, outcome=Outcome.REFUSED, object_kind="camera") for n in range(40, 50)]
    actor = an_entry().actor
    made += [an_entry(n, actor=type(actor)("key", 2, "a key", Role.VIEWER, None)) for n in range(50, 60)]
    return made


def fits(entry: Entry, asked: dict[str, Any]) -> bool:
    """The filters once more, in plain words."""
    acts = asked.get("act", [])
    return (
        (not acts or entry.act.value in acts)
        and asked.get("outcome", entry.outcome.value) == entry.outcome.value
        and ("person" not in asked or (entry.actor.kind, entry.actor.id) == ("person", asked["person"]))
        and ("key" not in asked or (entry.actor.kind, entry.actor.id) == ("key", asked["key"]))
        and ("department" not in asked or asked["department"] in entry.departments)
        and asked.get("camera", entry.camera) == entry.camera
        and asked.get("object", entry.object) == entry.object
        and asked.get("object_kind", entry.object_kind) == entry.object_kind
        and entry.at >= datetime.fromisoformat(asked.get("from", "2000-01-01T00:00:00Z"))
        and entry.at < datetime.fromisoformat(asked.get("to", "2100-01-01T00:00:00Z"))
    )


@pytest.mark.parametrize("asked", FILTERS, ids=str)
@pytest.mark.parametrize("limit", [7, 1000])
def test_filters_find_what_plain_python_finds(city: City, asked: dict[str, Any], limit: int) -> None:
    keep(city, *entries())
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = city.client.get("/api/v1/audit", params={**asked, "limit": limit, **cursor})
        found += objects(answer)
        if answer.json()["next"] is None:
            break
        cursor = {"cursor": answer.json()["next"]}
    assert found == [entry.object for entry in reversed(entries()) if fits(entry, asked)]


def test_a_department_admin_reads_what_touched_the_department_and_those_below(city: City, below: DepartmentId) -> None:
    keep(
        city,
        an_entry(1, departments=frozenset({DepartmentId(1)})),
        an_entry(2, departments=frozenset({SCHOOLS})),
        an_entry(3, departments=frozenset({below})),
        an_entry(4, departments=frozenset({DepartmentId(1), below})),
        an_entry(5, departments=frozenset()),
    )
    for role in (Role.DEPARTMENT_ADMIN, Role.AUDITOR):
        with asking(city, role, SCHOOLS) as client:
            assert objects(client.get("/audit")) == ["4", "3", "2"]
            assert objects(client.get("/audit", params={"department": 1})) == []
            assert objects(client.get("/audit", params={"department": below})) == ["4", "3"]
            assert objects(client.get("/audit", params={"person": 2, "camera": 5})) == ["4"]
    with asking(city, Role.DEPARTMENT_ADMIN, below) as client:
        assert objects(client.get("/audit")) == ["4", "3"]
    for client in (city.client, asking(city, Role.AUDITOR)):
        assert objects(client.get(f"{city.server.url}/api/v1/audit")) == ["5", "4", "3", "2", "1"]


def test_of_a_search_over_departments_each_sees_its_own_events_alone(city: City, below: DepartmentId) -> None:
    shown = {"1": ["100"], str(SCHOOLS): ["200"], str(below): ["300"]}
    both = frozenset({DepartmentId(1), SCHOOLS, below})
    keep(city, an_entry(1, departments=both, detail={"filters": {"label": ["car"]}, "shown": shown}))
    with asking(city, Role.DEPARTMENT_ADMIN, SCHOOLS) as client:
        answer = client.get("/audit", params={"act": "look_at_clip"})
        (item,) = answer.json()["items"]
        assert item["detail"] == {"filters": {"label": ["car"]}, "shown": {str(SCHOOLS): ["200"], str(below): ["300"]}}
        assert [one["id"] for one in item["departments"]] == [SCHOOLS, below]
        assert "100" not in client.get("/audit.csv").text.replace("192.0.2.100", "")
    (item,) = city.get("/audit", act="look_at_clip").json()["items"]
    assert item["detail"]["shown"] == shown


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("path", ["/audit", "/audit.csv", "/audit/status"])
def test_nobody_else_reads_the_record(city: City, role: Role, path: str) -> None:
    for department in (SCHOOLS, None):
        with asking(city, role, department) as client:
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_reading_the_record_is_on_record_with_its_filters(city: City) -> None:
    with asking(city, Role.AUDITOR, SCHOOLS) as client:
        client.get("/audit", params={"camera": 3, "act": "search", "from": "2026-05-01T08:00:00Z"})
        client.get("/audit.csv", params={"person": 3})
    first, second = reversed(city.get("/audit", act="record_read").json()["items"])
    assert first["detail"] == {"filters": {"camera": 3, "act": ["search"], "from": "2026-05-01T08:00:00Z"}, "rows": 0}
    assert second["detail"] == {"filters": {"person": 3}, "form": "csv"}
    assert (first["actor"]["name"], first["departments"]) == ("auditor", [{"id": 2, "name": "Schools"}])


def test_where_it_cannot_be_recorded_nothing_is_shown(own_city: City) -> None:
    keep(own_city, an_entry(1))
    own_city.services.looks.stop(5)  # type: ignore[attr-defined]
    for path in ("/audit", "/audit.csv"):
        answer = own_city.get(path)
        assert answer.status_code == 503
        assert "Person" not in answer.text


def test_the_file_is_a_table_that_no_spreadsheet_runs(city: City) -> None:
    keep(city, an_entry(1, purpose='=HYPERLINK("http://x")', object="+1+1"), an_entry(2, purpose="why, so"))
    answer = city.get("/audit.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    second, first = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (first["purpose"], first["object"]) == ('\'=HYPERLINK("http://x")', "'+1+1")
    assert (second["purpose"], second["camera_name"], json.loads(second["detail"])) == ("why, so", "Camera 3", {"n": 2})


def test_the_file_has_all_rows_of_many_pages(city: City) -> None:
    keep(city, *map(an_entry, range(2500)))
    rows = list(csv.DictReader(io.StringIO(city.get("/audit.csv").text)))
    assert [row["object"] for row in rows] == [str(n) for n in reversed(range(2500))]


def test_the_status_says_how_far_the_record_is_sealed_and_signed(city: City) -> None:
    database = city.services.database
    assert city.get("/audit/status").json() == {
        "rows": 0,
        "sealed": 0,
        "unsealed": 0,
        "oldest_unsealed_at": None,
        "checkpoint": None,
        "pruned_to": None,
    }
    keep(city, an_entry(1), an_entry(2))
    Sealing(database).seal_all()
    keys = CheckpointKeys(city.services.sealing_key)
    made = make_checkpoint(database, keys, RECORD_BEGAN_AT + timedelta(hours=1))
    assert made is not None
    keep(city, an_entry(3))
    status = city.get("/audit/status").json()
    assert (status["rows"], status["sealed"], status["unsealed"]) == (3, 2, 1)
    assert status["oldest_unsealed_at"] == "2026-05-01T08:00:03.000Z"
    assert status["checkpoint"] == {"place": 2, "hash": made.hash.hex(), "at": "2026-05-01T09:00:00.000Z"}
    assert [item["sealed"] for item in city.get("/audit").json()["items"]] == [False, True, True]


def test_a_walk_that_finds_little_stops_on_the_way_and_goes_on(city: City) -> None:
    keep(city, *(an_entry(n, departments=frozenset({DepartmentId(n % 50 + 1)})) for n in range(1_000)))
    many = frozenset(map(DepartmentId, range(1, 101)))
    pages: list[list[str]] = []
    cursor = None
    while True:
        with city.services.database.read() as connection:
            page = list_record(connection, RecordFilter(object="7"), many, cursor=cursor, limit=10)
        pages.append([row.object for row in page.items])
        cursor = page.next
        if cursor is None:
            break
    assert len(pages) > 3
    assert [number for page in pages for number in page] == ["7"]


def test_a_question_whose_times_are_exchanged_is_refused(city: City) -> None:
    answer = city.get("/audit", from_="2026-05-02T00:00:00Z", to="2026-05-01T00:00:00Z")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_what_was_recorded_is_measured(city: City) -> None:
    city.get("/audit")
    text = city.client.get("/metrics").text
    measured = {
        line.split(" ")[0]: float(line.split(" ")[1])
        for line in text.splitlines()
        if "_record_" in line and line[0] != "#"
    }
    assert measured["sharp_eyes_api_record_rows_total"] >= 1
    assert measured["sharp_eyes_api_record_refusals_dropped_total"] == 0
    assert measured["sharp_eyes_api_record_wait_seconds_total"] > 0


def test_refusals_go_on_record(city: City) -> None:
    with asking(city, Role.VIEWER, SCHOOLS) as client:
        client.get("/audit")
    refusals = wait_for(lambda: city.get("/audit", act="refusal").json()["items"], "the refusal is on record", 10)
    assert [(one["outcome"], one["actor"]["role"]) for one in refusals] == [("refused", "viewer")]
    assert "read the record" in refusals[0]["detail"]["why"]
