"""The beginning and the end of the program: at any moment, in good order or not, nothing is left behind."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.footage import bikes
from tests.support.program import Running, is_alive
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data")
    yield running
    running.kill()


def a_camera_with_an_open_event(city: Running, server: RtspServer) -> tuple[int, list[str]]:
    camera = city.add_camera("gate", server.url(bikes().name))

    def going_on() -> list[str]:
        return [event["id"] for event in city.events() if event["ended_at"] is None]

    return camera, wait_for(going_on, "an event that goes on", 40)


def is_answering(city: Running) -> bool:
    try:
        return city.ask("GET", "/healthz")[0] == 200
    except OSError:
        return False


def by_id(city: Running) -> dict[str, dict[str, Any]]:
    return {event["id"]: event for event in city.events()}


def test_a_stop_in_good_order_ends_the_events_and_says_that_nobody_watches(
    city: Running, street_server: RtspServer
) -> None:
    city.start()
    camera, going_on = a_camera_with_an_open_event(city, street_server)
    assert city.stop() == 0
    city.launch(SHARP_EYES_DETECTOR__MODEL="no-such-model")  # So that no worker comes up.
    wait_for(lambda: is_answering(city), "the API answers", 40)
    found = by_id(city)
    assert "stopped" in {found[event]["end_reason"] for event in going_on}
    assert all(event["ended_at"] for event in found.values())
    assert city.camera(camera)["status"] is None
    assert city.get("/api/v1/overview")["worker"] is None
    assert "pending" not in {event["media"]["clip"]["state"] for event in found.values()}


def test_events_of_a_camera_that_is_switched_off_while_no_worker_runs_are_closed(
    city: Running, street_server: RtspServer
) -> None:
    city.start()
    camera, _ = a_camera_with_an_open_event(city, street_server)
    killed = city.kill_child("worker")
    left_open = [number for number, event in by_id(city).items() if event["ended_at"] is None]
    city.send("PATCH", f"/api/v1/cameras/{camera}", {"enabled": False})
    wait_for(lambda: city.child("worker") not in (None, killed), "another worker", 30)
    wait_for(lambda: all(event["ended_at"] for event in by_id(city).values()), "all events have ended", 30)
    assert {by_id(city)[event]["end_reason"] for event in left_open} == {"interrupted"}
    assert city.camera(camera)["status"] is None


STAGES: dict[str, Callable[[Running], object]] = {
    "the children are there": lambda city: city.child("worker"),
    "the worker has its lock": lambda city: (city.data / "workers" / "1" / "lock").exists(),
    "the models are open": lambda city: (city.data / "workers" / "1" / "decoding.marks").exists(),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stop_during_the_start_leaves_nothing(city: Running, stage: str) -> None:
    process = city.launch()
    wait_for(lambda: STAGES[stage](city), stage, 40)
    children = city.children()
    process.terminate()
    assert process.wait(20) == 0
    assert not any(is_alive(child) for child in children)
    assert "Traceback" not in city.log.read_text()


def test_children_end_with_a_killed_supervisor_and_make_way_for_the_next(
    city: Running, street_server: RtspServer
) -> None:
    process = city.launch()
    wait_for(city.is_ready, "the program is ready", 60)
    camera, going_on = a_camera_with_an_open_event(city, street_server)
    children = city.children()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    city.launch()
    wait_for(lambda: not any(is_alive(child) for child in children), "the orphans have ended", 20)
    wait_for(city.is_ready, "the program is ready", 60)
    wait_for(lambda: city.state(camera) == "live", "the camera is live again", 60)
    assert {by_id(city)[event]["end_reason"] for event in going_on} <= {"stopped", "left", "stream_ended"}
