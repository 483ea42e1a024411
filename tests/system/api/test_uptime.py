"""Uptime, spells and outages over HTTP."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from api.uptime_csv import plain
from core.camera import Camera, DepartmentId, StreamId
from core.event import EndReason
from core.ids import CameraId
from core.rule import RuleKind
from core.stream_state import StreamState, StreamStatus
from registry import cameras, stream_states, streams
from registry.uptime.days import Days, date_of
from registry.workers import WorkerId
from tests.support.builders import an_event
from tests.system.api.conftest import CAMERAS, CITY_BEGAN_AT, SETTINGS, City, a_city

ZONE = "Asia/Shanghai"
DAYS = Days(ZoneInfo(ZONE))
YESTERDAY = DAYS.of(datetime.now(UTC)) - 1
SCHOOLS = DepartmentId(2)
EVIL = '=HYPERLINK("http://evil.example")'


def at(hour: float) -> datetime:
    """That hour of yesterday, in the city's time zone."""
    return DAYS.start(YESTERDAY) + timedelta(hours=hour)


def furnish(city: City) -> None:
    """Yesterday camera 1 was live from 6 to 12. Camera 2 was refused from 6 to 12, and went to the schools at 9."""
    with city.services.database.write() as connection:
        for number, state, reason in ((1, StreamState.LIVE, ""), (2, StreamState.REFUSED, "nobody listens")):
            status = StreamStatus(CameraId(number), StreamId(number), state, at(6), reason)
            stream_states.put(connection, WorkerId(1), [status], at(6))
        stream_states.forget(connection, [CameraId(1), CameraId(2)], at(12))
        cameras.change(connection, Camera(CameraId(2), EVIL, SCHOOLS, True), at(9))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with a_city(tmp_path_factory.mktemp("city"), SETTINGS, days=DAYS) as found:
        furnish(found)
        yield found


def uptime(city: City, **asked: Any) -> dict[str, tuple[float, float]]:
    """Hours live, and hours to be watched, by key."""
    items = city.get("/uptime", **asked).json()["items"]
    return {one["key"]: (one["online_s"] / 3600, one["watched_s"] / 3600) for one in items}


def test_uptime_is_told_by_department_over_the_last_seven_days_of_the_city(city: City) -> None:
    told = city.get("/uptime").json()
    assert (told["from"], told["to"]) == (date_of(YESTERDAY - 5).isoformat(), date_of(YESTERDAY + 1).isoformat())
    assert (told["time_zone"], told["next"]) == (ZONE, None)
    city_itself, schools = told["items"]
    assert city_itself == {
        "key": "1",
        "name": "City",
        "online_s": 6 * 3600,
        "watched_s": 9 * 3600,
        "share": pytest.approx(2 / 3),
        "by_state": [{"state": "live", "seconds": 6 * 3600}, {"state": "refused", "seconds": 3 * 3600}],
    }
    assert (schools["name"], schools["share"]) == ("Schools", 0)


def test_each_way_to_add_up_and_each_filter_is_heard(city: City) -> None:
    day = date_of(YESTERDAY).isoformat()
    assert uptime(city, by="day") == {day: (6, 12)}
    assert uptime(city, by="day", to=date_of(YESTERDAY - 1).isoformat()) == {}
    assert uptime(city, by="sector") == {"other": (6, 12)}
    assert uptime(city, by="region") == {"": (6, 12)}
    assert uptime(city, by="day", department=2) == {day: (0, 3)}
    assert uptime(city, by="day", camera=1, sector="other", from_=day, to=day) == {day: (6, 6)}
    assert uptime(city, by="camera", q="hyperlink") == {"2": (0, 6)}
    assert list(uptime(city, by="department", order="share")) == ["2", "1"]


@pytest.mark.parametrize(("order", "first"), [("key", ["1", "2", "3"]), ("share", ["2", "1", "3"])])
def test_cameras_come_in_pages(city: City, order: str, first: list[str]) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = city.get("/uptime", by="camera", order=order, limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [one["key"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen[:3] == first
    assert len(seen) == len(set(seen)) == CAMERAS
    assert city.get("/uptime", by="camera", order=order).json()["items"][-1]["share"] is None


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"from": "2026-05-02", "to": "2026-05-01"}, "from", "exchange them"),
        ({"from": "2024-01-01", "to": "2026-05-01"}, "from", "at most 366"),
        ({"from": "yesterday"}, "from", "2026-05-01"),
        ({"from": "20260501"}, "from", "2026-05-01"),
        ({"to": "0001-01-01"}, "to", "1970 to 2093"),
        ({"by": "moon"}, "by", "department"),
        ({"region": "99"}, "region", "99"),
        ({"cursor": "x"}, "cursor", "next"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_was_expected(
    city: City, asked: dict[str, str], field: str, said: str
) -> None:
    for path in ("/uptime", "/uptime.csv"):
        if "cursor" in asked and path.endswith("csv"):
            continue
        answer = city.get(path, **asked)
        assert answer.status_code == 422, path
        assert answer.json()["field"] == field
        assert said in answer.json()["detail"]


def test_a_file_has_all_cameras_and_no_formula(city: City) -> None:
    answer = city.get("/uptime.csv", by="camera")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "uptime-by-camera-" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == CAMERAS
    assert (rows[0]["camera"], rows[0]["share"], rows[0]["live_s"]) == ("1", "1.000000", "21600.0")
    assert (rows[1]["name"], rows[1]["refused_s"], rows[1]["unwatched_s"]) == (f"'{EVIL}", "21600.0", "0.0")
    worst_first = city.get("/uptime.csv", by="camera", order="share").content.decode("utf-8-sig")
    assert [row["camera"] for row in csv.DictReader(StringIO(worst_first))][:2] == ["2", "1"]
    assert [plain(text) for text in ("@x", "-1", "\tx", "x=1")] == ["'@x", "'-1", "'\tx", "x=1"]


def test_a_timeline_has_the_reasons(city: City) -> None:
    told = city.get("/cameras/2/spells").json()
    assert told["items"] == [
        {"state": "refused", "reason": "nobody listens", "from_at": _instant(at(6)), "until_at": _instant(at(12))}
    ]
    assert city.get("/cameras/2/spells", to="2026-01-01").json() == {"items": [], "next": None}
    assert city.get("/cameras/4000/spells").status_code == 404


def test_the_past_of_a_removed_camera_can_be_read(own_city: City) -> None:
    furnish(own_city)
    assert own_city.client.delete("/api/v1/cameras/1").status_code == 204
    assert len(own_city.get("/cameras/1/spells").json()["items"]) == 1
    assert uptime(own_city, by="camera", camera=1)["1"] == (6, 6)


def test_a_camera_that_is_switched_off_is_not_to_be_watched_from_then_on(own_city: City) -> None:
    with own_city.services.database.write() as connection:
        stream_states.unwatch(connection, [CameraId(1)], at(6), "its worker died")
    own_city.client.patch("/api/v1/cameras/1", json={"enabled": False})
    (spell,) = own_city.get("/cameras/1/spells").json()["items"]
    assert (spell["state"], spell["reason"]) == ("unwatched", "its worker died")
    assert spell["until_at"] is not None


def test_a_new_department_has_a_rule_for_lost_streams_that_can_be_removed(own_city: City) -> None:
    number = own_city.client.post("/api/v1/departments", json={"name": "Water"}).json()["id"]
    (usual,) = own_city.get(f"/departments/{number}/rules").json()["items"]
    assert (usual["name"], usual["kind"], usual["min_duration_s"]) == ("Stream lost", "stream_lost", 30)
    assert own_city.client.delete(f"/api/v1/rules/{usual['id']}").status_code == 204


def test_an_outage_lists_its_cameras(own_city: City) -> None:
    lost = []
    with own_city.services.database.write() as connection:
        for number in (1, 2):
            (stream,) = streams.of_cameras(connection, [CameraId(number)])
            streams.change(connection, replace(stream, url=f"rtsp://recorder.example/{number}"))
            reason = EndReason.OVER if number == 2 else None
            event = an_event(
                9_000, camera=CameraId(number), at=CITY_BEGAN_AT, lasted_s=60, label="stream", end_reason=reason
            )
            lost.append(
                replace(event, kind=RuleKind.STREAM_LOST, zone=None, track=None, score=None, box=None, course=None)
            )
    first, second = own_city.write(*lost)
    assert first == second
    event = own_city.get(f"/events/{first}").json()
    assert (event["kind"], event["camera"]["id"], event["count"], event["ended_at"]) == ("stream_lost", 1, 2, None)
    page = own_city.get(f"/events/{first}/members", limit=1).json()
    assert page["items"] == [
        {"camera": {"id": 1, "name": "Camera 1"}, "lost_at": _instant(CITY_BEGAN_AT), "ended_at": None}
    ]
    (last,) = own_city.get(f"/events/{first}/members", cursor=page["next"]).json()["items"]
    assert (last["camera"]["id"], last["ended_at"]) == (2, _instant(CITY_BEGAN_AT + timedelta(seconds=60)))
    other = own_city.events[0]
    assert own_city.get(f"/events/{other}/members").json() == {"items": [], "next": None}
    missing: httpx2.Response = own_city.get("/events/5/members")
    assert missing.status_code == 404


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
