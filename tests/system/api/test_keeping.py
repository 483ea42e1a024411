"""Holds and notices over HTTP."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from core.ids import EventId
from events.media.table import MediaKind
from events.notices.notice import NoticeKind
from events.notices.notices import close_notice, open_notice
from registry import cameras
from registry.audit.entry import Act
from tests.support import builders
from tests.system.api.registering import a_key
from tests.system.api.signing import recorded
from tests.system.api.subscribed_town import Town, a_subscribed_town

WHY = "the case is closed"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_subscribed_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="module")
def camera(town: Town) -> int:
    with town.city.services.database.write() as connection:
        return cameras.add(connection, name="weir", department=town.rivers).id


@pytest.fixture(scope="module")
def event(town: Town, camera: int) -> EventId:
    at = town.city.services.clock.now() - timedelta(hours=1)
    [number] = town.city.write(builders.an_event(1, camera=camera, at=at))  # type: ignore[arg-type]
    town.city.keep(number, MediaKind.SNAPSHOT, b"a picture")
    return number


def take(town: Town, asker: str = "water admin", headers: dict[str, str] | None = None, **on: Any) -> httpx2.Response:
    terms: dict[str, Any] = {"name": "case 7", "reason": "the court asked"} | on
    return town.ask(asker, "POST", "/holds", headers, **terms)


def taken(town: Town, asker: str = "water admin", **on: Any) -> dict[str, Any]:
    answer = take(town, asker, **on)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def release(town: Town, number: int, asker: str = "water admin") -> httpx2.Response:
    return town.ask(asker, "POST", f"/holds/{number}:release", why=WHY)


@pytest.fixture(autouse=True)
def _nothing_stays_held(town: Town) -> Iterator[None]:
    yield
    for one in town.ask("city admin", "GET", "/holds?in_force=true").json()["items"]:
        assert release(town, one["id"], "city admin").status_code == 200


class TestHolds:
    def test_one_is_taken_read_and_released(self, town: Town, camera: int, event: EventId) -> None:
        since: dict[str, Any] = {"from": "2026-01-01T00:00:00Z"}
        answer = take(town, camera=camera, **since)
        found = answer.json()
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"/api/v1/holds/{found['id']}"
        leaving = found.pop("leaving")
        assert (leaving, found["covers"]) == (0, {"events": 1, "media": 1, "bytes": 9, "at_least": False})
        assert town.ask("water auditor", "GET", f"/holds/{found['id']}").json() == found | {"may_release": False}
        assert {name: found[name] for name in ("name", "reason", "event", "camera", "department", "from", "until")} == {
            "name": "case 7",
            "reason": "the court asked",
            "event": None,
            "camera": {"id": camera, "name": "weir"},
            "department": None,
            "from": "2026-01-01T00:00:00.000Z",
            "until": None,
        }
        assert (found["owner"], found["made_by"]) == (
            {"id": town.water, "name": "Water"},
            f"department_admin of {town.water}",
        )
        assert (found["released"], found["may_release"]) == (None, True)
        over = release(town, found["id"]).json()
        assert (over["released"]["why"], over["may_release"]) == (WHY, False)
        again = release(town, found["id"])
        assert (again.status_code, again.json()["code"]) == (409, "conflict")

    def test_events_say_whether_they_are_held(self, town: Town, camera: int, event: EventId) -> None:
        def is_held(asker: str = "water viewer") -> set[bool]:
            whole = town.ask(asker, "GET", f"/events/{event}").json()
            [listed] = town.ask(asker, "GET", f"/events?camera={camera}").json()["items"]
            assert listed == whole
            return {whole["held"]}

        assert is_held() == {False}
        by_itself, by_department = taken(town, event=str(event)), taken(town, department=town.water)
        assert is_held() == {True}
        release(town, by_itself["id"])
        assert is_held() == {True}
        release(town, by_department["id"])
        assert is_held() == {False}

    def test_both_are_on_record_for_the_departments_that_they_concern(self, town: Town, camera: int) -> None:
        one = taken(town, "city admin", camera=camera)
        release(town, one["id"], "city admin")
        for act, purpose in ((Act.HOLD_TAKEN, "the court asked"), (Act.HOLD_RELEASED, WHY)):
            [row] = recorded(town.city, act, one["id"])
            assert (row.object_kind, row.camera, row.purpose) == ("hold", camera, purpose)
            assert json.loads(row.detail)["on"] == f"camera {camera}"
            read = town.ask("water auditor", "GET", f"/audit?act={act.value}").json()["items"]
            assert read[0]["object"] == str(one["id"])
            assert read[0]["departments"] == [{"id": town.rivers, "name": "Rivers"}]

    def test_what_the_city_holds_a_department_sees_and_does_not_release(self, town: Town, camera: int) -> None:
        number = taken(town, "city admin", camera=camera)["id"]
        seen = town.ask("rivers admin", "GET", f"/holds/{number}").json()
        assert (seen["owner"], seen["may_release"]) == (None, False)
        refused = release(town, number, "rivers admin")
        assert (refused.status_code, "only a city admin" in refused.json()["detail"]) == (403, True)
        assert town.ask("rail admin", "GET", f"/holds/{number}").status_code == 404

    def test_a_request_that_is_sent_twice_takes_one(self, town: Town, event: EventId) -> None:
        headers = {"Idempotency-Key": a_key()}
        first, second = (take(town, headers=headers, event=str(event)) for _ in range(2))
        assert (second.status_code, second.json()) == (201, first.json())
        assert second.headers["idempotency-replayed"] == "true"
        assert len(town.ask("water admin", "GET", f"/holds?event={event}&in_force=true").json()["items"]) == 1

    @pytest.mark.parametrize(
        ("on", "field", "detail"),
        [
            ({}, "event", "0 are named"),
            ({"camera": 1, "department": 1}, "department", "2 are named"),
            ({"event": "7", "until": "2026-01-01T00:00:00Z"}, "until", "held as a whole"),
            (
                {"camera": 1, "from": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
                "from",
                "is not before `until`",
            ),
            ({"camera": 4_000_000}, "camera", "there is no camera 4000000"),
            ({"event": "7"}, "event", "there is no event 7"),
            ({"department": 9_999}, "department", "there is no department 9999"),
            ({"camera": 1, "reason": "no"}, "reason", "3 to 500 are expected"),
            ({"camera": 1, "name": ""}, "name", "is empty"),
        ],
    )
    def test_a_body_that_is_none_is_told_what_is_wrong(
        self, town: Town, on: dict[str, Any], field: str, detail: str
    ) -> None:
        answer = take(town, "city admin", **on)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
        assert detail in answer.json()["detail"]

    def test_pages_of_holds_follow_each_other(self, town: Town, camera: int) -> None:
        numbers = [taken(town, camera=camera)["id"] for _ in range(3)]
        first = town.ask("water admin", "GET", f"/holds?camera={camera}&in_force=true&limit=2").json()
        rest = town.ask("water admin", "GET", f"/holds?camera={camera}&in_force=true&cursor={first['next']}").json()
        assert [one["id"] for one in first["items"] + rest["items"]] == numbers[::-1]
        assert rest["next"] is None

    def test_a_department_is_not_moved_out_of_one(self, town: Town) -> None:
        number = taken(town, "city admin", department=town.water)["id"]
        answer = town.ask("city admin", "PATCH", f"/departments/{town.rivers}", parent=None)
        assert answer.status_code == 409, answer.text
        assert "under a hold" in answer.json()["detail"]
        assert town.ask("city admin", "GET", f"/departments/{town.rivers}").json()["parent"]["id"] == town.water
        assert town.ask("city admin", "PATCH", f"/departments/{town.rivers}", contact="us").status_code == 200
        release(town, number, "city admin")
        assert town.ask("city admin", "PATCH", f"/departments/{town.rivers}", parent=None).status_code == 200
        assert town.ask("city admin", "PATCH", f"/departments/{town.rivers}", parent=town.water).status_code == 200


class TestNotices:
    def test_those_that_go_on_are_listed_and_on_demand_those_that_are_over(self, town: Town) -> None:
        with town.city.services.database.write() as connection:
            open_notice(connection, NoticeKind.STORE_AWAY, "s3.example", "it does not answer")
            open_notice(connection, NoticeKind.DISK_FULL, "/srv", "1 % is free")
            close_notice(connection, NoticeKind.STORE_AWAY, "s3.example")
        [one] = town.ask("city admin", "GET", "/notices").json()["items"]
        assert (one["kind"], one["subject"], one["detail"], one["ended_at"]) == (
            "disk_full",
            "/srv",
            "1 % is free",
            None,
        )
        every = town.ask("city admin", "GET", "/notices?state=all&limit=1").json()
        rest = town.ask("city admin", "GET", f"/notices?state=all&cursor={every['next']}").json()
        assert [one["kind"] for one in every["items"] + rest["items"]] == ["disk_full", "store_away"]
        assert rest["items"][0]["ended_at"] is not None

    def test_they_are_for_city_admins(self, town: Town) -> None:
        assert town.ask("water admin", "GET", "/notices").status_code == 403

    def test_a_city_admin_alone_lets_a_subscription_be_told_of_them(self, town: Town) -> None:
        refused = town.make(notices=True)
        assert (refused.status_code, "only a city admin" in refused.json()["detail"]) == (403, True)
        one = town.made_by("city admin", department=town.water, notices=True)
        assert one["notices"] is True
        path = f"/subscriptions/{one['id']}"
        # Whoever looks after it may change the rest, and let it go.
        assert town.ask("water admin", "PATCH", path, name="renamed", notices=True).json()["notices"] is True
        assert town.ask("water admin", "PATCH", path, notices=False).json()["notices"] is False
        assert town.ask("water admin", "PATCH", path, notices=True).status_code == 403
        assert town.ask("city admin", "PATCH", path, notices=True).json()["notices"] is True

    def test_their_deliveries_are_read_and_told_again_as_others_are(self, town: Town) -> None:
        one = town.made_by("city admin", department=town.water, notices=True)
        with town.city.services.database.write() as connection:
            open_notice(connection, NoticeKind.QUOTA_REACHED, "Water", "it has more than 10 GB")
        [made] = town.ask("water admin", "GET", f"/subscriptions/{one['id']}/deliveries").json()["items"]
        assert (made["kind"], made["event"], made["message_id"]) == (
            "notice",
            None,
            f"notice.{made['notice']}.opened.{one['id']}",
        )
        whole = town.ask("water admin", "GET", f"/deliveries/{made['id']}").json()
        assert (whole["events"], whole["tries"]) == ([], [])
