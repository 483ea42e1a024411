"""kill -9 of any process, at any moment: what was committed stays, what was open is closed, no id comes twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import false_clock
from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer, start_rtsp_server
from tests.support.waiting import wait_for

FIXED = ("camera", "rule", "kind", "track", "started_at")
"""What does not change in an event. (Its label may, while it goes on.)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    with start_rtsp_server(tmp_path_factory.mktemp("clips"), [bikes()]) as running:
        yield running


@pytest.fixture
def city(tmp_path: Path, server: RtspServer) -> Iterator[Running]:
    """Three cameras on a street, running, with some events on record."""
    running = Running(tmp_path / "data").start()
    try:
        for number in range(3):
            running.add_camera(f"camera {number}", server.url("bikes.mp4"))
        wait_for(lambda: len(running.events()) >= 8, "eight events", 60)
        yield running
    finally:
        running.stop()


def by_id(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    assert len({event["id"] for event in events}) == len(events)
    return {event["id"]: event for event in events}


def assert_kept(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Every event of `before` is there, and is still the same event, no version older than it was."""
    now = by_id(after)
    for event in before:
        kept = now[event["id"]]
        assert [kept[fact] for fact in FIXED] == [event[fact] for fact in FIXED]
        assert kept["version"] >= event["version"]
        if event["ended_at"] is not None:
            assert kept["ended_at"] == event["ended_at"]


def open_ids(events: list[dict[str, Any]]) -> set[str]:
    return {event["id"] for event in events if event["ended_at"] is None}


def assert_no_half_files(data: Path, events: list[dict[str, Any]], city: Running) -> None:
    """Every snapshot that is said to be ready is a whole JPEG."""
    for event in events:
        if event["media"]["snapshot"]["state"] == "ready":
            picture = city.get_bytes(event["media"]["snapshot"]["url"])
            assert picture[:2] == b"\xff\xd8"
            assert picture[-2:] == b"\xff\xd9"


def test_a_killed_worker_loses_no_event_and_leaves_none_open(city: Running) -> None:
    before = city.events()
    killed = city.kill_child("worker")
    committed = city.events()
    left_open = open_ids(committed)
    wait_for(lambda: city.child("worker") not in (None, killed), "another worker", 40)
    wait_for(lambda: len(city.events()) > len(committed) + 3, "new events after the kill", 60)
    after = city.events()
    assert_kept(before, after)
    assert_kept(committed, after)
    now = by_id(after)
    for event in left_open:
        assert now[event]["end_reason"] == "interrupted"
        assert now[event]["ended_at"] == now[event]["last_seen_at"]
    pending = [event for event in left_open if now[event]["media"]["clip"]["state"] == "pending"]
    assert pending == []
    assert_no_half_files(city.data, after, city)


def test_a_killed_api_comes_back_and_the_worker_watches_on(city: Running) -> None:
    before = city.events()
    worker = city.child("worker")
    killed = city.kill_child("api")
    wait_for(lambda: city.child("api") not in (None, killed) and city.is_ready(), "another API", 40)
    wait_for(lambda: len(city.events()) > len(before), "events from the time after", 60)
    assert city.child("worker") == worker
    assert_kept(before, city.events())


def test_everything_killed_starts_again_with_its_events(city: Running) -> None:
    before = city.events()
    city.kill()
    city.start()
    wait_for(lambda: len(city.events()) > len(before) + 3, "new events", 60)
    after = city.events()
    assert_kept(before, after)
    now = by_id(after)
    # "left" and "stream_ended" where an event ended between the look at `before` and the kill.
    assert {now[event]["end_reason"] for event in open_ids(before)} <= {"interrupted", "left", "stream_ended"}
    assert_no_half_files(city.data, after, city)


@pytest.mark.skipif(false_clock.is_missing(), reason="faketime is not installed: the clock cannot be set back")
def test_no_id_is_used_twice_after_the_clock_was_set_back_an_hour(city: Running, tmp_path: Path) -> None:
    before = city.events()
    city.kill()
    city.start(**false_clock.wrong_by("-1h", tmp_path))
    began = min(datetime.fromisoformat(event["started_at"]) for event in before)

    def set_back() -> list[dict[str, Any]]:
        """Events from an hour before the first one. (Some of the right time may have come until the kill.)"""
        limit = began - timedelta(minutes=50)
        return [event for event in city.events() if datetime.fromisoformat(event["started_at"]) < limit]

    wait_for(lambda: len(set_back()) > 3, "events from an hour ago", 60)
    after = city.events()
    assert_kept(before, after)
    city.kill()
    city.start()
    wait_for(lambda: len(city.events()) > len(after) + 3, "events of the right time", 60)
    assert_kept(after, city.events())
