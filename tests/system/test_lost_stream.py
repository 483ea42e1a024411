"""A camera's server dies and comes back: one event, from when its pictures stopped until they came again."""

from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.support.footage import bikes
from tests.support.program import STREET, Running
from tests.support.rtsp_server import RtspServer, start_rtsp_server
from tests.support.waiting import wait_for

LASTS_S = 4
LOST = {"name": "no pictures", "kind": "stream_lost", "min_duration_s": LASTS_S, "severity": 2}
STREET_RULE = {"name": "street", "labels": STREET, "min_duration_s": 0.5}


def lost(city: Running) -> list[dict[str, Any]]:
    return [event for event in city.events() if event["kind"] == "stream_lost"]


def test_a_server_that_dies_and_comes_back_makes_one_event_with_its_times(tmp_path: Path) -> None:
    with start_rtsp_server(tmp_path / "clips", [bikes()]) as server:
        city = Running(tmp_path / "data").start(SHARP_EYES_STREAMS__LONGEST_WAIT_S="2")
        try:
            body = {
                "name": "street",
                "streams": [{"url": server.url("bikes.mp4")}],
                "rules": [LOST, STREET_RULE],
            }
            camera = city.send("POST", "/api/v1/cameras", body)["id"]
            wait_for(lambda: city.state(camera) == "live", "it is live", 30)
            wait_for(city.events, "the street is seen", 40)
            assert lost(city) == []
            _outage(city, server, camera)
        finally:
            city.kill()


def _outage(city: Running, server: RtspServer, camera: int) -> None:
    went_at = datetime.now(UTC)
    server.kill()
    (event,) = wait_for(lambda: lost(city), "the event", 30)
    told_at = datetime.now(UTC)
    assert (event["label"], event["severity"], event["track"], event["box"], event["ended_at"]) == (
        "stream",
        2,
        None,
        None,
        None,
    )
    started_at = datetime.fromisoformat(event["started_at"])
    assert abs(started_at - went_at) < timedelta(seconds=3)
    assert told_at - started_at >= timedelta(seconds=LASTS_S)
    snapshot = wait_for(lambda: _decided(lost(city)[0]["media"]["snapshot"]), "why there is no picture", 20)
    assert (snapshot["state"], snapshot["reason"]) == ("failed", "no picture came: the stream was lost")
    server.start()
    back_at = datetime.now(UTC)
    (ended,) = wait_for(lambda: [event for event in lost(city) if event["ended_at"]], "its end", 30)
    assert ended["id"] == event["id"]
    assert ended["end_reason"] == "over"
    ended_at = datetime.fromisoformat(ended["ended_at"])
    assert back_at - timedelta(seconds=1) < ended_at < datetime.now(UTC)
    wait_for(lambda: city.state(camera) == "live", "it is live again", 20)
    status = city.camera(camera)["status"]
    assert abs(datetime.fromisoformat(status["since"]) - ended_at) < timedelta(seconds=2)
    assert ended["media"]["clip"]["state"] == "none"
    assert len(lost(city)) == 1
    _told_span_by_span(city, camera, started_at, ended_at)
    # The outage has ended what went on in the street, as it always did.
    others = [one for one in city.events() if one["kind"] != "stream_lost" and one["started_at"] < event["started_at"]]
    assert others
    assert all(one["ended_at"] for one in others)


def _told_span_by_span(city: Running, camera: int, went_at: datetime, back_at: datetime) -> None:
    """The camera's history says the same: live, away for a reason, live again; and its uptime is less than all."""
    spans = city.get(f"/api/v1/cameras/{camera}/spells")["items"]
    assert (spans[0]["state"], spans[0]["until_at"]) == ("live", None)
    assert abs(datetime.fromisoformat(spans[0]["from_at"]) - back_at) < timedelta(seconds=2)
    away = list(takewhile(lambda span: span["state"] != "live", spans[1:]))
    assert away
    assert all(span["reason"] for span in away)
    assert abs(datetime.fromisoformat(away[-1]["from_at"]) - went_at) < timedelta(seconds=2)
    (uptime,) = city.get("/api/v1/uptime?by=camera")["items"]
    assert 0 < uptime["share"] < 1
    assert uptime["key"] == str(camera)


def _decided(medium: dict[str, Any]) -> dict[str, Any] | None:
    return medium if medium["state"] in ("failed", "ready") else None
