"""Cameras, streams and rules are changed while the program runs: each change is at once in force, and for one camera.

All tests share one program and one camera that nothing is done to, which must not notice any of it.
"""

import io
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from core.frame import Picture
from core.ids import EventId
from events.media.blobs import FolderBlobs
from events.media.originals import Originals
from registry import key_ring
from registry.db import open_database
from sharp_eyes.openings import ORIGINALS
from tests.support.footage import bikes, make_clip
from tests.support.gst_rtsp_server import H264, missing, start_gst_server
from tests.support.program import STREET, Running
from tests.support.rtsp_server import RtspServer, start_rtsp_server
from tests.support.waiting import comes_within, wait_for

AT_ONCE_S = 2.0
"""How soon a change must be in force."""
RULE = {"name": "street", "labels": STREET, "min_duration_s": 0.2}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, street_server: RtspServer) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("worker") / "data").start()
    try:
        steady = running.add_camera("steady", street_server.url(bikes().name))
        wait_for(lambda: running.state(steady) == "live", "the steady camera is live", 40)
        began, frames = time.monotonic(), counters(running, steady)["frames"]
        yield running
        # It was neither opened again nor kept waiting by what was done to the others.
        now = counters(running, steady)
        assert now["connections"] == 1
        assert now["broken"] == 0
        assert (now["frames"] - frames) / (time.monotonic() - began) > 0.9 * 25
        assert now["dropped"].get("overtaken", 0) < 0.02 * now["looked_at"]
        assert now["dropped"].get("failed", 0) == 0
    finally:
        code = running.stop()
    assert code == 0


@pytest.fixture
def camera(city: Running, street_server: RtspServer, request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A live camera of the test's own, with a rule."""
    made = city.send(
        "POST",
        "/api/v1/cameras",
        {"name": request.node.name[:60], "streams": [{"url": street_server.url(bikes().name)}], "rules": [RULE]},
    )
    wait_for(lambda: city.state(made["id"]) == "live", "the camera is live", 20)
    yield city.camera(made["id"])
    assert city.ask("DELETE", f"/api/v1/cameras/{made['id']}")[0] == 204


def counters(city: Running, camera: int) -> dict[str, Any]:
    status = city.camera(camera)["status"]
    return dict(status["counters"])


def events_of(city: Running, camera: int) -> list[dict[str, Any]]:
    return list(city.get(f"/api/v1/events?camera={camera}&limit=200")["items"])


def open_events(city: Running, camera: int) -> list[str]:
    return [event["id"] for event in events_of(city, camera) if event["ended_at"] is None]


def assert_ended(city: Running, camera: int, going_on: list[str], reason: str) -> None:
    """No event is open, and of those that were `going_on` one at least ended for `reason`; all soon."""
    comes_within(lambda: not open_events(city, camera), "its events have ended", AT_ONCE_S)
    reasons = {event["end_reason"] for event in events_of(city, camera) if event["id"] in going_on}
    assert reason in reasons
    assert reasons <= {reason, "left"}  # One may have left in that very moment.


def test_a_rule_that_is_added_makes_events_and_one_that_is_removed_ends_them(
    city: Running, street_server: RtspServer
) -> None:
    streams = [{"url": street_server.url(bikes().name)}]
    camera = city.send("POST", "/api/v1/cameras", {"name": "no rules yet", "streams": streams})["id"]
    wait_for(lambda: city.state(camera) == "live", "the camera is live", 20)
    assert counters(city, camera)["looked_at"] >= 0
    assert events_of(city, camera) == []

    asked = datetime.now(UTC)
    rule = city.send("POST", f"/api/v1/cameras/{camera}/rules", RULE)["id"]
    wait_for(lambda: events_of(city, camera), "the first event", 15)
    first = min(datetime.fromisoformat(event["started_at"]) for event in events_of(city, camera))
    assert (first - asked).total_seconds() < AT_ONCE_S + 1.5  # The street is empty for a moment at times.

    going_on = wait_for(lambda: open_events(city, camera), "an event that goes on", 20)
    assert city.ask("DELETE", f"/api/v1/rules/{rule}")[0] == 204
    assert_ended(city, camera, going_on, "rule_changed")
    had = len(events_of(city, camera))
    looked = counters(city, camera)["looked_at"]
    wait_for(lambda: counters(city, camera)["looked_at"] > looked + 10, "it is looked at on and on", 20)
    assert len(events_of(city, camera)) == had
    assert counters(city, camera)["connections"] == 1
    assert city.ask("DELETE", f"/api/v1/cameras/{camera}")[0] == 204


def own_rule(city: Running, camera: int) -> dict[str, Any]:
    """The camera's own rule, beside those of its department."""
    (rule,) = [one for one in city.get(f"/api/v1/cameras/{camera}/rules")["items"] if one["camera"] == camera]
    return dict(rule)


def test_a_changed_rule_ends_its_events_and_makes_others(city: Running, camera: dict[str, Any]) -> None:
    number = camera["id"]
    rule = own_rule(city, number)
    going_on = wait_for(lambda: open_events(city, number), "an event that goes on", 20)
    city.send("PATCH", f"/api/v1/rules/{rule['id']}", {"name": "changed", "severity": 1})

    def ended() -> bool:
        return all(event["ended_at"] for event in events_of(city, number) if event["id"] in going_on)

    comes_within(ended, "the events of the rule as it was have ended", AT_ONCE_S)
    assert "rule_changed" in {event["end_reason"] for event in events_of(city, number)}
    anew = wait_for(
        lambda: [event for event in events_of(city, number) if event["rule"]["name"] == "changed"], "other events", 20
    )
    assert {event["severity"] for event in anew} == {1}


def test_a_zone_that_is_changed_is_in_force_at_once(city: Running, camera: dict[str, Any]) -> None:
    number = camera["id"]
    corner = [[0, 0], [0.02, 0], [0.02, 0.02], [0, 0.02]]
    everywhere = [[0, 0], [1, 0], [1, 1], [0, 1]]
    zone = city.send("POST", f"/api/v1/cameras/{number}/zones", {"name": "zone", "points": corner})["id"]
    rule = own_rule(city, number)
    going_on = wait_for(lambda: open_events(city, number), "an event that goes on", 20)
    city.send("PATCH", f"/api/v1/rules/{rule['id']}", {"zone": zone})
    assert_ended(city, number, going_on, "rule_changed")
    city.send("PATCH", f"/api/v1/zones/{zone}", {"points": everywhere})

    def in_zone() -> bool:
        return any(event["zone"] and event["zone"]["id"] == zone for event in events_of(city, number))

    wait_for(in_zone, "events in the whole picture", 15)


def test_a_camera_that_is_switched_off_is_not_read_any_more(city: Running, camera: dict[str, Any]) -> None:
    number = camera["id"]
    going_on = wait_for(lambda: open_events(city, number), "an event that goes on", 20)
    assert city.ask("GET", f"/api/v1/cameras/{number}/latest")[0] == 200
    city.send("PATCH", f"/api/v1/cameras/{number}", {"enabled": False})
    assert_ended(city, number, going_on, "rule_changed")
    wait_for(lambda: city.camera(number)["status"] is None, "nothing is said of it any more", 10)
    assert city.ask("GET", f"/api/v1/cameras/{number}/latest")[0] == 404
    had = len(events_of(city, number))
    city.send("PATCH", f"/api/v1/cameras/{number}", {"enabled": True})
    wait_for(lambda: len(events_of(city, number)) > had, "events after it was switched on again", 20)
    assert {event["end_reason"] for event in events_of(city, number)} <= {"rule_changed", "left", None}


def test_a_changed_address_shows_the_other_clip(
    city: Running, camera: dict[str, Any], street_server: RtspServer, tmp_path: Path
) -> None:
    number = camera["id"]
    other = street_server.add(make_clip(tmp_path / "square.mp4", width=320, height=240, frames=100))
    going_on = wait_for(lambda: open_events(city, number), "an event that goes on", 20)
    city.send("PATCH", f"/api/v1/streams/{camera['streams'][0]['id']}", {"url": other})
    assert_ended(city, number, going_on, "rule_changed")
    comes_within(
        lambda: (status := city.camera(number)["status"]) and status["state"] == "live" and status["width"] == 320,
        "the other clip is shown",
        AT_ONCE_S + 2,
    )


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_a_password_that_is_put_right_is_tried_at_once(city: Running) -> None:
    with start_gst_server({"yard": H264}, login=("viewer", "right")) as server:
        url = server.url("yard").replace("rtsp://", "rtsp://viewer:{}@")
        made = city.send("POST", "/api/v1/cameras", {"name": "yard", "streams": [{"url": url.format("wrong")}]})
        wait_for(lambda: city.state(made["id"]) == "unauthorised", "the wrong password is told", 10)
        status = city.camera(made["id"])["status"]
        wait_s = datetime.fromisoformat(status["next_try_at"]) - datetime.now(UTC)
        assert wait_s.total_seconds() > 30  # A camera locks the account after a few.
        city.send("PATCH", f"/api/v1/streams/{made['streams'][0]['id']}", {"url": url.format("right")})
        comes_within(lambda: city.state(made["id"]) == "live", "it is live with the right one", AT_ONCE_S + 3)
        assert city.ask("DELETE", f"/api/v1/cameras/{made['id']}")[0] == 204


def test_a_server_that_is_killed_ends_the_events_of_its_camera_which_comes_back(city: Running, tmp_path: Path) -> None:
    with start_rtsp_server(tmp_path / "clips", [bikes()]) as server:
        number = city.add_camera("far away", server.url(bikes().name))
        wait_for(lambda: city.state(number) == "live", "it is live", 10)
        going_on = wait_for(lambda: open_events(city, number), "an event that goes on", 20)
        server.kill()
        comes_within(lambda: city.state(number) in ("disconnected", "refused"), "its loss is told", AT_ONCE_S)
        wait_for(lambda: not open_events(city, number), "its events have ended", 8)
        ended = {event["end_reason"] for event in events_of(city, number) if event["id"] in going_on}
        assert "stream_ended" in ended
        server.start()
        wait_for(lambda: city.state(number) == "live", "it is live again", 20)
        had = len(events_of(city, number))
        wait_for(lambda: len(events_of(city, number)) > had, "events after that", 20)
        assert city.ask("DELETE", f"/api/v1/cameras/{number}")[0] == 204


def test_the_latest_picture_is_a_small_jpeg_that_moves_on(city: Running, camera: dict[str, Any]) -> None:
    def latest() -> Any:
        status, jpeg = city.ask("GET", f"/api/v1/cameras/{camera['id']}/latest")
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if status == 200 else None

    first = latest()
    assert first.shape == (272, 640, 3)
    wait_for(lambda: float(np.abs(latest().astype(int) - first).mean()) > 2, "another picture", 10)


def decoded(city: Running, path: str) -> Picture:
    status, jpeg = city.ask("GET", path)
    assert status == 200
    return picture_in(jpeg)


def picture_in(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def brightest(clip: bytes) -> int:
    """Of all pictures of a clip, well within its right half."""
    with av.open(io.BytesIO(clip), "r") as opened:
        return max(int(frame.to_ndarray(format="bgr24")[:, 340:].max()) for frame in opened.decode(video=0))


def test_a_privacy_area_is_black_in_all_that_is_masked_and_no_stream_notices(city: Running) -> None:
    steady = next(one["id"] for one in city.get("/api/v1/cameras")["items"] if one["name"] == "steady")

    def told() -> list[dict[str, Any]]:
        return [one for one in events_of(city, steady) if one["media"]["snapshot"]["state"] == "ready"]

    def recorded() -> list[dict[str, Any]]:
        return [one for one in told() if one["media"]["clip"]["state"] == "ready"]

    before = min(wait_for(recorded, "a clip", 90), key=lambda event: float(event["media"]["clip"]["seconds"]))
    snapshot, clip = (f"/api/v1/events/{before['id']}/{medium}" for medium in ("snapshot", "clip"))
    latest = f"/api/v1/cameras/{steady}/latest"
    assert decoded(city, snapshot)[:, 340:].max() > 100
    assert decoded(city, latest)[:, 340:].max() > 100
    right = {"name": "houses", "points": [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}
    area = city.send("POST", f"/api/v1/cameras/{steady}/privacy-areas", right)["id"]
    try:
        assert decoded(city, latest)[:, 340:].max() <= 12
        assert decoded(city, snapshot)[:, 340:].max() <= 12
        # What comes is stored black; what is stored already stays as it is, and is never shown so.
        known = datetime.now(UTC) + timedelta(seconds=AT_ONCE_S)
        after = wait_for(
            lambda: [one for one in told() if datetime.fromisoformat(one["started_at"]) > known], "another event", 40
        )[0]
        was, now = (next((city.data / "blobs").rglob(f"{one['id']}-*snapshot.jpg")) for one in (before, after))
        assert picture_in(was.read_bytes())[:, 340:].max() > 100
        assert picture_in(now.read_bytes())[:, 340:].max() <= 12
        assert picture_in(now.read_bytes())[:, :300].max() > 100

        wait_for(lambda: city.ask("GET", clip)[0] == 200, "the masked clip", 150)
        assert brightest(city.ask("GET", clip)[1]) <= 20
        with closing(open_database(city.database_url)) as database:
            keys = key_ring.open_files(city.data / "keys" / "sealing.key").derive_all(ORIGINALS)
            original = Originals(FolderBlobs(city.data / "blobs"), lambda: keys, database).open(
                EventId(int(before["id"]))
            )
            with original.file as file:
                file.seek(0)
                assert brightest(file.read()) > 100
    finally:
        assert city.ask("DELETE", f"/api/v1/privacy-areas/{area}")[0] == 204
    comes_within(lambda: decoded(city, latest)[:, 340:].max() > 100, "it is seen again", AT_ONCE_S + 1)


def test_as_many_events_are_stored_as_were_made(city: Running) -> None:
    def adds_up() -> bool:
        made, stored = (metric(city, f"sharp_eyes_events_{what}_total") for what in ("made", "stored"))
        return made == stored == len(city.events()) > 10

    wait_for(adds_up, "as many on record as were made", 20)
    assert metric(city, "sharp_eyes_events_lost") == 0


def metric(city: Running, name: str) -> float:
    """The value of a metric of the one worker; fails where it is missing."""
    (value,) = city.of_workers(name)
    return value
