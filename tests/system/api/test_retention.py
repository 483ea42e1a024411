"""How long things are kept, over HTTP: who may say so, who sees it, what would go, quotas."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event as Flag
from typing import Any

import httpx2
import pytest

from core.event import EndReason
from core.ids import EventId
from events.media.table import MediaKind
from events.retention import usage
from events.retention.media_removal import mark
from registry import cameras
from tests.support import builders
from tests.system.api.recorded import newest, rows_since
from tests.system.api.subscribed_town import Town, a_subscribed_town

ASKERS = ("city admin", "water admin", "water operator", "water viewer", "water auditor", "rivers admin", "rail admin")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_subscribed_town(tmp_path_factory.mktemp("town")) as found:
        yield found


def put(
    town: Town, asker: str, medium: str, days: int | None, headers: dict[str, str] | None = None, **more: Any
) -> httpx2.Response:
    return town.ask(asker, "PUT", "/retention-rules", headers, medium=medium, days=days, **more)


def rules(town: Town, asker: str) -> set[int]:
    return {one["id"] for one in town.ask(asker, "GET", "/retention-rules").json()["items"]}


def test_each_makes_and_sees_the_rules_that_are_theirs(town: Town) -> None:
    made = {
        "city": put(town, "city admin", "track", 5),
        "water": put(town, "water admin", "track", 6, department=town.water),
        "rivers": put(town, "water admin", "track", 7, department=town.rivers),
        "rail": put(town, "city admin", "track", 8, department=town.rail),
    }
    assert {answer.status_code for answer in made.values()} == {200}
    number = {name: answer.json()["id"] for name, answer in made.items()}
    for asker in ASKERS:
        seen = {"city", "water", "rivers", "rail"}
        if asker.startswith(("water", "rivers")):
            seen = {"city", "water", "rivers"}
        if asker.startswith("rail"):
            seen = {"city", "rail"}
        assert rules(town, asker) == {number[name] for name in seen}, asker
        for name, one in number.items():
            answer = town.ask(asker, "GET", f"/retention-rules/{one}")
            assert answer.status_code == (200 if name in seen else 404), f"{asker} {name}"
    never = town.ask("rail admin", "GET", "/retention-rules/7777")
    hidden = town.ask("rail admin", "GET", f"/retention-rules/{number['water']}")
    assert hidden.json()["detail"] == never.json()["detail"].replace("7777", str(number["water"]))

    not_theirs = (
        ("water operator", "water"),
        ("water auditor", "water"),
        ("rivers admin", "water"),
        ("rail admin", "city"),
    )
    for asker, name in not_theirs:
        assert town.ask(asker, "DELETE", f"/retention-rules/{number[name]}").status_code == 403, asker
    assert town.ask("rail admin", "DELETE", f"/retention-rules/{number['water']}").status_code == 404
    for asker, whose in (("water admin", None), ("rivers admin", town.water), ("rail admin", town.water)):
        assert put(town, asker, "event", 9, department=whose).status_code == 403, asker
    for name in ("rivers", "water", "rail", "city"):
        asker = f"{name} admin"
        assert town.ask(asker, "DELETE", f"/retention-rules/{number[name]}").status_code == 204


def test_a_departments_admin_keeps_within_the_citys_bounds(town: Town) -> None:
    for days in (3661, None):
        refused = put(town, "water admin", "snapshot", days, department=town.water)
        assert (refused.status_code, refused.json()["detail"]) == (
            403,
            "a department's admin may let things be kept for 3660 days at most",
        )
    longer = put(town, "city admin", "snapshot", None, department=town.water)
    assert longer.json()["days"] is None
    assert put(town, "water admin", "snapshot", 3660, department=town.water).json()["revision"] == 2
    town.ask("water admin", "DELETE", f"/retention-rules/{longer.json()['id']}")


def test_a_rule_is_changed_in_the_form_that_was_read_and_that_is_on_record(town: Town) -> None:
    before = newest(town.city)
    made = put(town, "water admin", "original", 10, department=town.water, kind="motion")
    path = f"/retention-rules/{made.json()['id']}"
    read = town.ask("water viewer", "GET", path)
    assert (read.headers["ETag"], read.json()) == (made.headers["ETag"], made.json())
    changed = put(town, "water admin", "original", 11, {"If-Match": '"1"'}, department=town.water, kind="motion")
    assert changed.headers["ETag"] == '"2"'
    for stale in (
        put(town, "water admin", "original", 12, {"If-Match": '"1"'}, department=town.water, kind="motion"),
        town.ask("water admin", "DELETE", path, {"If-Match": '"1"'}),
    ):
        assert stale.status_code == 412
    again = put(town, "water admin", "original", 11, department=town.water, kind="motion")
    assert again.json() == changed.json()
    assert town.ask("water admin", "DELETE", path, {"If-Match": '"2"'}).status_code == 204
    rows = [row for row in rows_since(town.city, before) if row.kind == "retention_rule"]
    assert [(row.act, set(row.departments)) for row in rows] == [
        ("add", {town.water}),
        ("change", {town.water}),
        ("remove", {town.water}),
    ]
    assert rows[1].detail == {"changed": {"days": [10, 11]}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"medium": "film", "days": 3}, "medium"),
        ({"medium": "event"}, "days"),
        ({"medium": "event", "days": 0}, "days"),
        ({"medium": "event", "days": 40_000}, "days"),
        ({"medium": "event", "days": 1.5}, "days"),
        ({"medium": "track", "days": 3, "kind": "motion"}, "kind"),
        ({"medium": "event", "days": 3, "department": 7777}, "department"),
        ({"medium": "event", "days": 3, "kind": "theft"}, "kind"),
    ],
)
def test_what_cannot_be_a_rule_is_refused(town: Town, body: dict[str, Any], field: str) -> None:
    answer = town.ask("city admin", "PUT", "/retention-rules", **body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert rules(town, "city admin") == set()


def test_what_counts_in_the_end_is_shown_to_whom_it_concerns(town: Town) -> None:
    number = put(town, "city admin", "masked_clip", 300, department=town.water).json()["id"]
    shown = town.ask("rivers admin", "GET", f"/retention?department={town.water}").json()
    clip = next(one for one in shown["terms"] if one["medium"] == "masked_clip")
    assert clip == {"medium": "masked_clip", "kind": None, "days": 90, "rule": None, "limited_by": "original"}
    assert shown["longest_days"] == 3660
    assert town.ask("rail admin", "GET", "/retention").json()["department"] is None
    assert town.ask("rail admin", "GET", f"/retention?department={town.water}").status_code == 403
    assert town.ask("city admin", "GET", "/retention?department=7777").status_code == 404
    town.ask("city admin", "DELETE", f"/retention-rules/{number}")


def an_old_event(town: Town, days: int) -> EventId:
    with town.city.services.database.write() as connection:
        camera = cameras.add(connection, name=f"weir of {days}", department=town.rivers).id
    at = town.city.services.clock.now() - timedelta(days=days)
    (event,) = town.city.write(builders.an_event(1, camera=camera, at=at, end_reason=EndReason.OVER))
    town.city.keep(event, MediaKind.SNAPSHOT, b"a picture")
    return event


def test_a_dry_run_tells_each_admin_what_would_go_of_theirs(town: Town) -> None:
    an_old_event(town, 400)
    held = an_old_event(town, 401)
    taken = town.ask("water admin", "POST", "/holds", name="case 7", reason="the court asked", event=str(held))
    assert taken.status_code == 201, taken.text
    for asker in ("city admin", "water admin", "rivers admin", "water auditor"):
        shown = town.ask(asker, "GET", f"/retention:dry-run?department={town.rivers}").json()
        (line,) = shown["lines"]
        assert (line["department"]["id"], line["medium"], line["kind"]) == (town.rivers, "snapshot", "object_in_zone")
        assert (line["goes"], line["held"]) == ({"count": 1, "bytes": 9}, {"count": 1, "bytes": 9})
        assert (shown["goes"], shown["is_whole"]) == (line["goes"], True)
    assert town.ask("rail admin", "GET", "/retention:dry-run").json()["lines"] == []
    assert town.ask("rail admin", "GET", f"/retention:dry-run?department={town.rivers}").status_code == 403
    assert town.ask("water operator", "GET", "/retention:dry-run").status_code == 403


def test_quotas_are_the_citys_and_usage_is_shown_to_its_department(town: Town) -> None:
    path, before = f"/departments/{town.rivers}/quota", newest(town.city)
    for asker in ("rivers admin", "water admin", "water operator"):
        assert town.ask(asker, "PUT", path, bytes=5_000_000).status_code == 403
        assert town.ask(asker, "DELETE", path).status_code == 403
    an_old_event(town, 3)
    assert usage.count(town.city.services.database, town.city.services.clock, Flag())
    made = town.ask("city admin", "PUT", path, bytes=5_000_000)
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    shown = {one["department"]["id"]: one for one in town.ask("rivers admin", "GET", "/media-usage").json()["items"]}
    assert set(shown) == {town.rivers}
    mine = shown[town.rivers]
    assert (mine["quota_bytes"], mine["is_own_quota"]) == (5_000_000, True)
    assert mine["bytes"] == sum(one["bytes"] for one in mine["media"]) >= 9
    assert mine["held_bytes"] in (0, 9)
    new = town.ask("city admin", "POST", "/departments", name="founded since").json()["id"]
    items = town.ask("city admin", "GET", "/media-usage").json()["items"]
    everywhere = {one["department"]["id"]: one for one in items}
    assert set(everywhere) >= {town.water, town.rail, town.rivers, new}
    assert [everywhere[new][name] for name in ("media", "bytes", "held_bytes", "counted_at")] == [[], None, None, None]
    assert everywhere[town.rail]["bytes"] == everywhere[town.rail]["held_bytes"] == 0, "it was counted, and has none"
    assert {one["counted_at"] for number, one in everywhere.items() if number != new} == {mine["counted_at"]}
    assert town.ask("city admin", "PUT", path, {"If-Match": '"7"'}, bytes=6_000_000).status_code == 412
    assert town.ask("city admin", "PUT", path, bytes=6).status_code == 422
    assert town.ask("city admin", "PUT", "/departments/7777/quota", bytes=6_000_000).status_code == 404
    assert town.ask("city admin", "PUT", path, bytes=6_000_000).json()["revision"] == 2
    assert town.ask("city admin", "DELETE", path).status_code == 204
    assert town.ask("city admin", "DELETE", path).status_code == 404
    rows = [row for row in rows_since(town.city, before) if row.kind == "quota"]
    assert [row.act for row in rows] == ["add", "change", "remove"]


def test_a_department_with_rules_and_a_quota_can_be_removed(town: Town) -> None:
    gone = town.ask("city admin", "POST", "/departments", name="Parks").json()["id"]
    put(town, "city admin", "event", 9, department=gone)
    town.ask("city admin", "PUT", f"/departments/{gone}/quota", bytes=6_000_000)
    assert town.ask("city admin", "DELETE", f"/departments/{gone}").status_code == 204
    assert rules(town, "city admin") == set()


def test_a_medium_that_is_being_removed_is_not_shown(town: Town) -> None:
    event = an_old_event(town, 5)
    path = f"/events/{event}/snapshot"
    assert town.ask("city admin", "GET", path).status_code == 200
    with town.city.services.database.write() as connection:
        assert mark(connection, [(event, MediaKind.SNAPSHOT)], town.city.services.clock.now())
    answer = town.ask("city admin", "GET", path)
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        f"event {event} has no snapshot: it is being removed",
    )
    shown = town.ask("city admin", "GET", f"/events/{event}").json()["media"]["snapshot"]
    assert (shown["state"], shown["url"]) == ("none", None)
