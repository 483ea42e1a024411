"""Subscriptions over HTTP: who makes, changes and reads them, and what is told of each."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.access import Role
from events.alerts import subscription_secrets, subscriptions
from events.alerts.subscription import SubscriptionId
from registry.audit.entry import Act
from tests.support.subscribing import HOOK
from tests.system.api.recorded import newest, rows_since
from tests.system.api.signing import add_person, recorded, refusal, signed_in
from tests.system.api.subscribed_town import Town, a_subscribed_town
from tests.system.api.walked_routes import told

WHOLE: dict[str, Any] = {
    "filter": {
        "day": ["friday"],
        "time_from": "22:00",
        "time_to": "06:00",
        "label": ["car", "person"],
        "kind": ["intrusion"],
        "severity": [1, 2],
        "department": [1],
        "sector": ["water"],
        "camera": [3],
        "zone": [4],
        "line": [5],
        "region": "31",
        "q": "gate",
        "bbox": "114.2,30.5,114.4,30.7",
        "near": "114.3,30.6,500",
        "polygon": "114.2,30.5;114.4,30.5;114.3,30.7",
        "min_score": 0.5,
        "min_duration_s": 1.5,
        "max_duration_s": 60.0,
    },
    "min_severity": 2,
    "hours": [{"days": ["friday"], "begin": "22:00", "end": "06:00", "time_zone": "Asia/Shanghai"}],
    "moments": ["started", "ended"],
    "grouping": "camera",
    "cool_down_s": 60,
    "with_picture": False,
}
DAY_S = 86_400


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_subscribed_town(tmp_path_factory.mktemp("town")) as found:
        yield found


def signing(town: Town, number: int) -> list[str]:
    """The secrets that sign now, as they were told."""
    with town.city.services.database.read() as connection:
        found = subscription_secrets.in_force(
            connection, town.city.services.sealing_key, SubscriptionId(number), town.city.services.clock.now()
        )
    return [subscription_secrets.text_of(one) for one in found]


class TestMaking:
    def test_one_is_shown_as_it_was_made(self, town: Town) -> None:
        made = town.made_by(**WHOLE, name=" 值班台 ")
        assert {name: made[name] for name in WHOLE if name != "filter"} == {
            name: value for name, value in WHOLE.items() if name != "filter"
        }
        asked = {name: value for name, value in made["filter"].items() if value not in (None, [])}
        assert asked == WHOLE["filter"]
        assert (made["name"], made["url"], made["target"]) == ("值班台", HOOK, "https://alerts.example:443")
        assert made["department"] == {"id": town.water, "name": "Water"}
        assert (made["state"], made["revision"], made["may_change"]) == ("active", 1, True)
        assert made["health"] == {
            "waiting": {"count": 0, "at_least": False},
            "dead": {"count": 0, "at_least": False},
            "last_success_at": None,
            "circuit": None,
            "per_minute": 0.0,
        }
        assert town.ask("water admin", "GET", f"/subscriptions/{made['id']}").json() == made

    def test_a_signed_in_admin_makes_one_under_their_name(self, town: Town) -> None:
        person = add_person(town.city, Role.DEPARTMENT_ADMIN, town.water)
        with signed_in(town.city, person.login) as client:
            made = client.post("/api/v1/subscriptions", json={"name": "by hand", "url": HOOK})
        assert (made.status_code, made.json()["subscription"]["made_by"]) == (201, "Li Wei")

    @pytest.mark.parametrize(
        ("asker", "department", "status"),
        [
            ("water admin", "water", 201),
            ("water admin", "rivers", 201),
            ("water admin", "rail", 403),
            ("rivers admin", "water", 403),
            ("city admin", "rail", 201),
            ("water operator", "water", 403),
            ("water viewer", "water", 403),
            ("water auditor", "water", 403),
        ],
    )
    def test_admins_make_them_for_their_own_departments(
        self, town: Town, asker: str, department: str, status: int
    ) -> None:
        assert town.make(asker, department=getattr(town, department)).status_code == status

    def test_who_looks_after_the_city_says_whose_it_is(self, town: Town) -> None:
        for body in ({}, {"department": 99_999}):
            answer = town.make("city admin", **body)
            assert (answer.status_code, answer.json()["field"]) == (422, "department")

    def test_a_department_that_is_not_there_is_told_as_one_of_others(self, town: Town) -> None:
        hidden, missing = (town.make(department=number) for number in (town.rail, 99_999))
        assert refusal(missing) == (403, "forbidden", "you do not look after department 99999")
        assert told(hidden, town.rail) == told(missing, 99_999)

    def test_the_secret_is_told_once(self, town: Town) -> None:
        since = newest(town.city)
        answer = town.make()
        text, number = answer.json()["text"], answer.json()["subscription"]["id"]
        assert len(base64.b64decode(text.removeprefix("whsec_"))) == 32
        assert signing(town, number) == [text]
        path = f"/subscriptions/{number}"
        town.ask("water admin", "PATCH", path, min_severity=2)
        for later in (path, "/subscriptions?limit=1000", f"{path}/deliveries"):
            assert text not in town.ask("water admin", "GET", later).text
        assert text not in repr(rows_since(town.city, since))


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 129}, "name"),
            ({"name": "a\u202eb"}, "name"),
            ({"name": None}, "name"),
            ({"url": ""}, "url"),
            ({"url": "http://alerts.example/hook"}, "url"),
            ({"url": "https://user:pass@alerts.example/"}, "url"),
            ({"url": "https://127.0.0.1/"}, "url"),
            ({"url": "https://localhost/"}, "url"),
            ({"url": "ftp://alerts.example/"}, "url"),
            ({"url": "https://alerts.example/" + "x" * 2048}, "url"),
            ({"department": 0}, "department"),
            ({"min_severity": 5}, "min_severity"),
            ({"moments": []}, "moments"),
            ({"moments": ["updated"]}, "moments[0]"),
            ({"grouping": "zone"}, "grouping"),
            ({"grouping": "camera"}, "cool_down_s"),
            ({"cool_down_s": 60}, "cool_down_s"),
            ({"grouping": "camera", "cool_down_s": 86_401}, "cool_down_s"),
            ({"cool_down_s": 0.5}, "cool_down_s"),
            ({"hours": [{"days": []}]}, "hours[0].days"),
            ({"hours": [{"time_zone": "Nowhere/At_All"}]}, "hours[0].time_zone"),
            ({"filter": {"from": "2026-05-01T08:00:00Z"}}, "filter"),
            ({"filter": {"overlap": True}}, "filter.overlap"),
            ({"filter": {"label": "person"}}, "filter.label"),
            ({"filter": {"kind": ["theft"]}}, "filter.kind[0]"),
            ({"filter": {"person": 1}}, "filter.person"),
            ({"filter": {"time_from": "25:00"}}, "filter.time_from"),
            ({"filter": {"bbox": "1,2,3"}}, "filter.bbox"),
            ({"filter": {"near": "1,2,-3"}}, "filter.near"),
            ({"filter": {"polygon": "1,2;x"}}, "filter.polygon"),
            ({"filter": {"polygon": "1,2;3,4"}}, "filter.polygon"),
            ({"filter": {"q": " "}}, "filter.q"),
            ({"filter": {"min_score": 2}}, "filter.min_score"),
            ({"with_picture": "maybe"}, "with_picture"),
            ({"state": "paused"}, "state"),
            ({"id": 1}, "id"),
            ({"made_by": "me"}, "made_by"),
            ({"after_seq": 0}, "after_seq"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field(self, town: Town, body: dict[str, Any], field: str) -> None:
        answer = town.make(**body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text

    def test_a_subscription_is_not_given_to_another_department(self, town: Town) -> None:
        made = town.made_by()
        answer = town.ask("city admin", "PATCH", f"/subscriptions/{made['id']}", department=town.rail)
        assert (answer.status_code, answer.json()["field"]) == (422, "department")

    def test_a_change_is_checked_as_what_is_new_is(self, town: Town) -> None:
        path = f"/subscriptions/{town.made_by()['id']}"
        for body, field in (
            ({"url": "https://10.0.0.1/"}, "url"),
            ({"grouping": "rule"}, "cool_down_s"),
            ({"name": None}, "name"),
            ({"filter": {"bbox": "9,9,1,1"}}, "filter.bbox"),
        ):
            answer = town.ask("water admin", "PATCH", path, **body)
            assert (answer.status_code, answer.json()["field"]) == (422, field)
        assert town.ask("water admin", "GET", path).json()["revision"] == 1

    @pytest.mark.parametrize("overlap_s", [-1, 604_801, 1.5, None])
    def test_an_overlap_beyond_seven_days_is_refused(self, town: Town, overlap_s: object) -> None:
        path = f"/subscriptions/{town.made_by()['id']}:rotate-secret"
        answer = town.ask("water admin", "POST", path, overlap_s=overlap_s)
        assert (answer.status_code, answer.json()["field"]) == (422, "overlap_s")


class TestReading:
    def test_operators_read_all_but_the_address(self, town: Town) -> None:
        made = town.made_by()
        found = town.ask("water operator", "GET", f"/subscriptions/{made['id']}").json()
        assert found == {**made, "url": None, "may_change": False}

    @pytest.mark.parametrize("asker", ["water viewer", "water auditor"])
    def test_others_are_refused(self, town: Town, asker: str) -> None:
        number = town.made_by()["id"]
        for path in ("/subscriptions", f"/subscriptions/{number}", f"/subscriptions/{number}/deliveries"):
            assert refusal(town.ask(asker, "GET", path))[:2] == (403, "forbidden")

    def test_the_list_has_those_of_ones_own_departments(self, town: Town) -> None:
        own, below, other = (
            town.made_by("city admin", department=one)["id"] for one in (town.water, town.rivers, town.rail)
        )

        def listed(asker: str, query: str = "") -> set[int]:
            items = town.ask(asker, "GET", f"/subscriptions?limit=1000{query}").json()["items"]
            return {one["id"] for one in items} & {own, below, other}

        assert listed("water operator") == {own, below}
        assert listed("rivers admin") == {below}
        assert listed("rail operator") == {other}
        assert listed("city admin") == {own, below, other}
        assert listed("water admin", f"&department={town.rivers}") == {below}
        assert listed("water admin", f"&department={town.rail}") == set()
        assert listed("water admin", "&state=paused") == set()

    def test_pages_go_on_where_the_one_before_ended(self, town: Town) -> None:
        made = [town.made_by("rivers admin")["id"] for _ in range(2)]
        found: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            page = town.ask("rivers admin", "GET", f"/subscriptions?limit=1{cursor}").json()
            found += [one["id"] for one in page["items"]]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        assert found == sorted(set(found))
        assert set(made) <= set(found)


class TestChanging:
    def test_a_change_needs_the_form_that_it_names(self, town: Town) -> None:
        made = town.make()
        path, tag = f"/subscriptions/{made.json()['subscription']['id']}", made.headers["ETag"]
        changed = town.ask("water admin", "PATCH", path, {"If-Match": tag}, min_severity=1)
        assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
        for method in ("PATCH", "DELETE"):
            stale = town.ask("water admin", method, path, {"If-Match": tag}, min_severity=3)
            assert refusal(stale)[:2] == (412, "stale")
        known = town.ask("water admin", "GET", path, {"If-None-Match": '"2"'})
        assert (known.status_code, known.content) == (304, b"")

    def test_a_name_that_is_taken_is_a_conflict(self, town: Town) -> None:
        first, second = town.made_by(), town.made_by()
        answer = town.ask("water admin", "PATCH", f"/subscriptions/{second['id']}", name=first["name"])
        assert refusal(answer)[:2] == (409, "conflict")
        assert refusal(town.make(name=first["name"]))[:2] == (409, "conflict")

    def test_operators_change_nothing(self, town: Town) -> None:
        path = f"/subscriptions/{town.made_by()['id']}"
        for method, where in (
            ("PATCH", path),
            ("DELETE", path),
            ("POST", f"{path}:pause"),
            ("POST", f"{path}:resume"),
            ("POST", f"{path}:test"),
            ("POST", f"{path}:rotate-secret"),
        ):
            assert refusal(town.ask("water operator", method, where))[:2] == (403, "forbidden"), where
        assert town.ask("water admin", "GET", path).json()["revision"] == 1

    def test_it_is_paused_and_resumed(self, town: Town) -> None:
        path = f"/subscriptions/{town.made_by()['id']}"
        paused = town.ask("water admin", "POST", f"{path}:pause")
        assert (paused.json()["state"], paused.headers["ETag"]) == ("paused", '"2"')
        assert town.ask("water admin", "POST", f"{path}:resume").json()["state"] == "active"

    def test_one_that_we_stopped_says_why_and_is_resumed(self, town: Town) -> None:
        number = town.made_by()["id"]
        services, path = town.city.services, f"/subscriptions/{number}"
        with services.database.write() as connection:
            subscriptions.stop(connection, SubscriptionId(number), "it answered 410", services.clock.now())
        found = town.ask("water admin", "GET", path).json()
        assert (found["state"], found["state_reason"]) == ("stopped", "it answered 410")
        assert town.ask("water admin", "POST", f"{path}:resume").json()["state_reason"] == ""

    def test_one_that_was_removed_is_gone(self, town: Town) -> None:
        path = f"/subscriptions/{town.made_by()['id']}"
        assert town.ask("water admin", "DELETE", path).status_code == 204
        for method, where in (("GET", path), ("DELETE", path), ("POST", f"{path}:pause"), ("POST", f"{path}:test")):
            assert town.ask("water admin", method, where).status_code == 404

    def test_a_rotated_secret_signs_beside_the_one_before_it(self, town: Town) -> None:
        answer = town.make()
        number, old = answer.json()["subscription"]["id"], answer.json()["text"]
        path = f"/subscriptions/{number}:rotate-secret"
        rotated = town.ask("water admin", "POST", path).json()
        assert signing(town, number) == [rotated["text"], old]
        assert rotated["others_sign_until"] is not None
        alone = town.ask("water admin", "POST", path, overlap_s=0).json()
        assert signing(town, number) == [alone["text"]]
        assert alone["others_sign_until"] is None


class TestRecord:
    def test_each_change_leaves_a_row_that_its_department_sees(self, town: Town) -> None:
        since = newest(town.city)
        number = town.made_by()["id"]
        path = f"/subscriptions/{number}"
        town.ask("water admin", "PATCH", path, min_severity=1, url=f"{HOOK}/other?token=hunter2")
        for step in ("pause", "resume", "test", "rotate-secret"):
            assert town.ask("water admin", "POST", f"{path}:{step}").is_success
        town.ask("water admin", "DELETE", path)
        rows = [row for row in rows_since(town.city, since) if row.kind == "subscription"]
        assert [row.act for row in rows] == ["add", "change", "change", "change", "change", "change", "remove"]
        assert all(row.object == str(number) and row.departments == {town.water} for row in rows)
        details = [row.detail for row in rows]
        assert details[0]["target"] == "https://alerts.example:443"
        assert details[1]["changed"] == {"min_severity": [4, 1], "url": ["(not told)", "(another)"]}
        assert details[2]["changed"]["state"] == ["active", "paused"]
        assert set(details[4]) == {"test"}
        assert details[5] == {"signing": {"rotated": True, "overlap_s": DAY_S}}
        assert "hunter2" not in json.dumps(details)
        assert HOOK not in json.dumps(details)

    def test_a_change_that_changes_nothing_leaves_none(self, town: Town) -> None:
        number = town.made_by()["id"]
        town.ask("water admin", "PATCH", f"/subscriptions/{number}", min_severity=4)
        town.ask("water admin", "POST", f"/subscriptions/{number}:resume")
        assert recorded(town.city, Act.CHANGE, number) == []
