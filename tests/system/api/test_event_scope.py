"""Events, pictures, flows: each sees what is its own or granted; the rest is not even hinted at. Looks go on record."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core.access import Right, Role
from core.crossing import Crossing
from core.event import EndReason, Event
from core.ids import CameraId
from core.line import Direction
from core.rule import RuleId, RuleKind
from events.flows import count
from events.flows.count import key_of
from registry import cameras, department_rules, rules, streams
from tests.support import builders
from tests.support.rule_desk import AccountingDesk
from tests.support.waiting import wait_for
from tests.system.api.conftest import CITY_BEGAN_AT, PICTURE, a_worker
from tests.system.api.two_departments import TwoDepartments, two_departments

NEVER = 2**31 - 1
NO_CAMERA = 4_194_303


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    """Shared by the tests of this module: each grants to departments and keys of its own."""
    with two_departments(tmp_path_factory.mktemp("two")) as found:
        yield found


@pytest.fixture
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoDepartments]:
    with two_departments(tmp_path_factory.mktemp("two")) as found:
        yield found


def ids(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def told(answer: httpx2.Response, *numbers: object) -> tuple[int, str]:
    """Status and body, with the numbers that were asked for replaced."""
    text = answer.text
    for number in numbers:
        text = re.sub(rf"\b{number}\b", "N", text)
    return answer.status_code, text


LOOKING = [Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN]


@pytest.mark.parametrize("role", LOOKING)
def test_who_looks_finds_the_events_of_the_own_department_alone(town: TwoDepartments, role: Role) -> None:
    with town.client(role, town.water.department) as client:
        assert ids(client.get("/events")) == [str(town.water.event)]
        assert client.get(f"/events/{town.water.event}").status_code == 200
        assert client.get(f"/events/{town.water.event}/snapshot").content == PICTURE
        assert client.get(f"/events/{town.rail.event}").status_code == 404


def test_a_city_admin_finds_all(town: TwoDepartments) -> None:
    with town.client(Role.CITY_ADMIN, None) as client:
        assert {str(town.water.event), str(town.rail.event)} <= set(ids(client.get("/events", params={"limit": 1000})))
        assert client.get(f"/events/{town.rail.event}/snapshot").content == PICTURE


@pytest.mark.parametrize("home", ["city", "department"])
def test_an_auditor_finds_no_events_and_no_pictures(town: TwoDepartments, home: str) -> None:
    with town.client(Role.AUDITOR, None if home == "city" else town.water.department) as client:
        assert ids(client.get("/events")) == []
        for path in ("", "/snapshot", "/clip", "/members"):
            assert client.get(f"/events/{town.water.event}{path}").status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_somebody_of_the_city_without_a_grant_finds_nothing(town: TwoDepartments, role: Role) -> None:
    with town.client(role, None) as client:
        assert ids(client.get("/events")) == []
        assert client.get(f"/events/{town.water.event}").status_code == 404


@pytest.mark.parametrize(
    ("filter_", "hidden", "missing"),
    [
        ("camera", lambda town: town.rail.camera, NO_CAMERA),
        ("zone", lambda town: town.rail.zone, NEVER),
        ("line", lambda town: town.rail.line, NEVER),
        ("cursor", lambda town: town.rail.event, 1),
    ],
)
def test_a_filter_that_names_what_is_hidden_answers_as_if_it_never_was(
    town: TwoDepartments, filter_: str, hidden: Any, missing: int
) -> None:
    # The water department has nothing older than the rail department's event but its own one.
    with town.client(Role.OPERATOR, town.water.department) as client:
        asked = {"to": "2026-05-01T08:04:00Z"} if filter_ == "cursor" else {}
        found = client.get("/events", params={filter_: hidden(town), **asked})
        assert told(found) == told(client.get("/events", params={filter_: missing, **asked}))
        assert found.json() == {"items": [], "next": None, "searched_to": None}


@pytest.mark.parametrize("path", ["", "/snapshot", "/clip", "/members"])
def test_a_hidden_event_is_told_of_in_the_words_of_one_that_never_was(town: TwoDepartments, path: str) -> None:
    never = town.rail.event + (1 << 30)
    with town.client(Role.OPERATOR, town.water.department) as client:
        hidden = told(client.get(f"/events/{town.rail.event}{path}"), town.rail.event)
        assert hidden == told(client.get(f"/events/{never}{path}"), never)
        assert hidden[0] == 404


@pytest.mark.parametrize("path", ["/snapshot", "/clip"])
def test_pictures_need_a_right_of_their_own_and_the_reason_says_which(own_town: TwoDepartments, path: str) -> None:
    own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS)
    with own_town.client(Role.OPERATOR, own_town.water.department) as client:
        assert client.get(f"/events/{own_town.rail.event}").status_code == 200
        answer = client.get(f"/events/{own_town.rail.event}{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert "'media'" in answer.json()["detail"]
        assert "Rail" in answer.json()["hint"]
        own_town.grant(own_town.rail, own_town.water.department, Right.MEDIA, on_camera=True)
        assert client.get(f"/events/{own_town.rail.event}{path}").status_code in (200, 202)


@pytest.mark.parametrize("on_camera", [True, False])
def test_a_grant_without_history_shows_only_what_happens_from_now_on(own_town: TwoDepartments, on_camera: bool) -> None:
    own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS, history=False, on_camera=on_camera)
    new = own_town.write(own_town.rail, 30)
    with own_town.client(Role.VIEWER, own_town.water.department) as client:
        for asked in ({}, {"camera": own_town.rail.camera}):
            found = ids(client.get("/events", params=asked))
            assert str(new) in found
            assert str(own_town.rail.event) not in found
        assert client.get(f"/events/{own_town.rail.event}").status_code == 404


def test_an_event_stays_with_who_owned_the_camera(own_town: TwoDepartments) -> None:
    database, clock = own_town.city.services.database, own_town.city.services.clock
    with database.write() as connection:
        camera = cameras.get(connection, own_town.rail.camera)
        cameras.change(connection, replace(camera, department=own_town.water.department), clock.now())
    new = own_town.write(own_town.rail, 30)
    for part, event, other in (
        (own_town.water, new, own_town.rail.event),
        (own_town.rail, own_town.rail.event, new),
    ):
        with own_town.client(Role.VIEWER, part.department) as client:
            found = ids(client.get("/events", params={"camera": own_town.rail.camera}))
            assert found == [str(event)]
            assert client.get(f"/events/{other}").status_code == 404


def a_loss(camera: CameraId, n: int) -> Event:
    at = CITY_BEGAN_AT + timedelta(days=1, seconds=n)
    event = builders.an_event(1, camera=camera, at=at, label="stream")
    return replace(event, kind=RuleKind.STREAM_LOST, track=None, score=None, box=None)


def test_of_an_outage_only_the_cameras_in_reach_are_told(own_town: TwoDepartments) -> None:
    city = own_town.city
    with city.services.database.write() as connection:
        numbers = [
            cameras.add(connection, name=f"bridge {n}", department=own_town.rail.department).id for n in range(3)
        ]
        for number in numbers:
            streams.add(connection, number, url=f"rtsp://10.0.0.9:554/channel/{number}")
    outage, *_ = city.write(*(a_loss(number, n) for n, number in enumerate(numbers)))
    first_camera = replace(own_town.rail, camera=numbers[0])
    own_town.grant(first_camera, own_town.water.department, Right.EVENTS, on_camera=True)
    with own_town.client(Role.VIEWER, own_town.water.department) as client:
        assert [one["camera"]["id"] for one in client.get(f"/events/{outage}/members").json()["items"]] == [numbers[0]]
    with own_town.client(Role.VIEWER, own_town.rail.department) as client:
        first = client.get(f"/events/{outage}/members", params={"limit": 2}).json()
        assert [one["camera"]["id"] for one in first["items"]] == numbers[:2]
        rest = client.get(f"/events/{outage}/members", params={"limit": 2, "cursor": first["next"]}).json()
        assert ([one["camera"]["id"] for one in rest["items"]], rest["next"]) == (numbers[2:], None)


def test_an_outage_is_told_as_if_cameras_that_are_not_in_reach_were_not_lost(own_town: TwoDepartments) -> None:
    """Neither how many there are nor how long they are away shows: in a list, by number, or while one follows."""
    city, water, rail = own_town.city, own_town.water, own_town.rail
    with city.services.database.write() as connection:
        numbers = [cameras.add(connection, name=f"bridge {n}", department=rail.department).id for n in range(3)]
        for number in numbers:
            streams.add(connection, number, url=f"rtsp://10.0.0.9:554/channel/{number}")
    losses = [a_loss(number, n) for n, number in enumerate(numbers)]
    over = replace(
        losses[0], version=2, ended_at=losses[0].started_at + timedelta(seconds=9), end_reason=EndReason.OVER
    )
    outage, *_ = city.write(*losses, over)
    own_town.grant(replace(rail, camera=numbers[0]), water.department, Right.EVENTS, on_camera=True)

    def told(client: httpx2.Client) -> list[tuple[int | None, bool]]:
        [listed] = client.get("/events", params={"camera": numbers[0]}).json()["items"]
        one = client.get(f"/events/{outage}").json()
        with client.stream("GET", "/event-changes", headers={"Last-Event-ID": "1"}, timeout=30) as answer:
            lines = (line for line in answer.iter_lines() if line.startswith("data: ") and f'"{outage}"' in line)
            followed = json.loads(next(lines)[6:])
        return [(event["count"], event["ended_at"] is not None) for event in (listed, one, followed)]

    with own_town.client(Role.OPERATOR, water.department) as client:
        assert told(client) == [(None, True)] * 3
    with own_town.client(Role.OPERATOR, rail.department) as client:
        assert told(client) == [(3, False)] * 3
    with own_town.client(Role.CITY_ADMIN, None) as client:
        assert told(client) == [(3, False)] * 3


def a_flow_rule(town: TwoDepartments) -> RuleId:
    part = town.rail
    with town.city.services.database.write() as connection:
        rule = rules.add(
            connection, part.camera, name="flow", labels=["car"], line=part.line, kind=RuleKind.FLOW, min_count=100
        )
        for minutes in (1, 2, 60):
            at = town.city.services.clock.now() - timedelta(minutes=minutes)
            crossing = Crossing(rule.id, part.line, Direction.LEFT_TO_RIGHT, "car", at)
            count.add(connection, {key_of(part.camera, crossing): 1})
    return rule.id


def crossed(client: httpx2.Client, rule: RuleId) -> int:
    answer = client.get(f"/rules/{rule}/flow")
    assert answer.status_code == 200, answer.text
    return sum(one["count"] for one in answer.json()["items"])


def test_a_flow_is_told_for_the_time_whose_events_may_be_seen(own_town: TwoDepartments) -> None:
    rule = a_flow_rule(own_town)
    with own_town.client(Role.VIEWER, own_town.rail.department) as client:
        assert crossed(client, rule) == 3
    with own_town.client(Role.VIEWER, own_town.water.department) as client:
        for path in ("flow", "account"):
            hidden = told(client.get(f"/rules/{rule}/{path}"), rule)
            assert hidden == told(client.get(f"/rules/{NEVER}/{path}"), NEVER)
            assert hidden[0] == 404
        own_town.grant(own_town.rail, own_town.water.department, Right.LIST)
        assert client.get(f"/rules/{rule}/flow").status_code == 403
        own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS, history=False)
        assert crossed(client, rule) == 0
        own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS, on_camera=True)
        assert crossed(client, rule) == 3


def test_an_account_is_told_to_who_may_read_all_of_its_time_and_goes_on_record(own_town: TwoDepartments) -> None:
    """The worker's account tells of the time since it was started, which is before the grant."""
    rule = a_flow_rule(own_town)
    rail, water = own_town.rail, own_town.water
    own, key = own_town.client_and_key(Role.VIEWER, rail.department)
    working = a_worker(own_town.city, {}, desk=AccountingDesk(rule))
    with own, own_town.client(Role.VIEWER, water.department) as client, working:
        own_town.grant(rail, water.department, Right.EVENTS, history=False)
        assert client.get(f"/rules/{rule}/account").status_code == 403
        own_town.grant(rail, water.department, Right.EVENTS)
        assert client.get(f"/rules/{rule}/account").status_code == 200
        assert own.get(f"/rules/{rule}/account").status_code == 200
        assert own.get(f"/rules/{rule}/flow").status_code == 200
        body = {"camera": rail.camera, "rule": {"name": "cars", "labels": ["car"]}}
        assert own.post("/rules:try", json=body).status_code == 200
    rows = own_town.recorded("search", key)
    assert [(row["object_kind"], row["camera"], row["departments"]) for row in rows] == [
        ("rule", rail.camera, {rail.department}),
        ("rule", rail.camera, {rail.department}),
        ("camera", rail.camera, {rail.department}),
    ]
    whats = zip(rows, ("account_of", "flow_of", "tried"), strict=True)
    assert all(what in row["detail"]["filters"] for row, what in whats)


def test_the_rule_of_a_department_out_of_reach_is_no_rule(own_town: TwoDepartments) -> None:
    with own_town.city.services.database.write() as connection:
        rule = department_rules.add(connection, own_town.rail.department, name="all of them", labels=["car"]).rule.id
    with own_town.client(Role.OPERATOR, own_town.water.department) as client:
        for path in ("flow", "account"):
            hidden = told(client.get(f"/rules/{rule}/{path}"), rule)
            assert hidden == told(client.get(f"/rules/{NEVER}/{path}"), NEVER)


def test_a_search_is_on_record_with_its_filters_and_what_was_shown(own_town: TwoDepartments) -> None:
    own_town.grant(own_town.rail, own_town.water.department, Right.EVENTS)
    client, key = own_town.client_and_key(Role.OPERATOR, own_town.water.department)
    with client:
        client.get("/events", params={"label": ["car", "bicycle"], "to": "2026-05-02T00:00:00Z", "limit": 10})
        client.get("/events", params={"camera": NO_CAMERA})
        client.get(f"/events/{own_town.rail.event}")
        client.get(f"/events/{own_town.rail.event}/members")
    search, nothing, one, members = own_town.recorded("search", key)
    assert search["detail"]["filters"] == {"label": ["car", "bicycle"], "to": "2026-05-02T00:00:00Z"}
    assert nothing["detail"] == {"filters": {"camera": [NO_CAMERA]}, "shown": {}}
    assert nothing["departments"] == set()
    for row in (one, members):
        assert (row["object"], row["camera"]) == (str(own_town.rail.event), own_town.rail.camera)
        assert row["departments"] == {own_town.rail.department}
        assert row["detail"]["shown"] == {str(own_town.rail.department): [str(own_town.rail.event)]}
    shown = search["detail"]["shown"]
    assert {int(owner) for owner in shown} == search["departments"]


def test_looking_on_at_the_same_thing_is_one_look(own_town: TwoDepartments) -> None:
    client, key = own_town.client_and_key(Role.OPERATOR, own_town.water.department)
    path = f"/events/{own_town.water.event}"
    with client:
        client.head(f"{path}/snapshot")
        assert own_town.recorded("look_at_snapshot", key) == []
        for first in range(4):
            answer = client.get(f"{path}/snapshot", headers={"Range": f"bytes={first}-"})
            assert answer.status_code == 206
        assert client.get(f"{path}/clip").status_code == 202
        assert own_town.recorded("look_at_clip", key) == []
    [row] = own_town.recorded("look_at_snapshot", key)
    assert (row["object"], row["camera"]) == (str(own_town.water.event), own_town.water.camera)
    assert row["departments"] == {own_town.water.department}


def test_what_is_hidden_and_what_never_was_leave_as_many_rows(own_town: TwoDepartments) -> None:
    """Else the numbers of the next rows that one may read, or the time that it takes, would tell them apart."""
    client, key = own_town.client_and_key(Role.DEPARTMENT_ADMIN, own_town.water.department)
    pairs = {
        "/events/{}": (own_town.rail.event, own_town.rail.event + (1 << 30)),
        "/cameras/{}": (own_town.rail.camera, NO_CAMERA),
        "/cameras/{}/zones": (own_town.rail.camera, NO_CAMERA),
    }
    with client:
        for path, (hidden, never) in pairs.items():
            for number in (hidden, never):
                assert client.get(path.format(number)).status_code == 404
        rows = wait_for(
            lambda: found if len(found := own_town.recorded("refusal", key)) == 2 * len(pairs) else None, "all rows", 10
        )
        assert [row["departments"] for row in rows] == [{own_town.rail.department}, set()] * len(pairs)
        # There is no picture yet: nothing was refused.
        assert client.get(f"/cameras/{own_town.water.camera}/latest").status_code in (404, 503)
        with own_town.client(Role.CITY_ADMIN, None) as admin:
            admin.get(f"/cameras/{NO_CAMERA}")
        assert client.get(f"/cameras/{own_town.rail.camera}").status_code == 404
        wait_for(lambda: len(own_town.recorded("refusal", key)) == 2 * len(pairs) + 1, "one more row", 10)


def test_what_was_refused_is_on_record(own_town: TwoDepartments) -> None:
    client, key = own_town.client_and_key(Role.OPERATOR, own_town.water.department)
    with client:
        client.get(f"/events/{own_town.rail.event}/clip")
    # It goes on record after the answer.
    [row] = wait_for(lambda: own_town.recorded("refusal", key), "the refusal on record", 10)
    assert (row["outcome"], row["object_kind"], row["object"]) == ("refused", "event", str(own_town.rail.event))
    assert row["departments"] == {own_town.rail.department}
