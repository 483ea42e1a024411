"""A camera that brings the worker down three times is not opened any more, until somebody lets it out."""

import os
import signal
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for


@pytest.fixture
def city(tmp_path: Path, street_server: RtspServer) -> Iterator[Running]:
    running = Running(tmp_path / "data").start()
    try:
        for number in range(2):
            running.add_camera(f"camera {number}", street_server.url(bikes().name))
        yield running
    finally:
        running.stop()


def crash_while_decoding(city: Running, camera: int) -> None:
    """End the worker as a fault in the decoder would, in the midst of decoding this camera alone."""
    worker = wait_for(lambda: city.child("worker"), "the worker runs", 40)
    wait_for(lambda: city.state(camera) in ("live", "quarantined"), "the camera is watched", 60)
    os.kill(worker, signal.SIGSTOP)
    # The worker stands still: its marks are set to say that it was decoding just this camera.
    marks = city.data / "workers" / "1" / "decoding.marks"
    with marks.open("r+b") as file:
        size = marks.stat().st_size
        file.write(b"\0" * size)
        file.seek(0)
        file.write(struct.pack("<I", camera))
    os.kill(worker, signal.SIGSEGV)
    os.kill(worker, signal.SIGCONT)
    wait_for(lambda: city.child("worker") not in (None, worker), "another worker", 60)


def test_three_crashes_quarantine_the_camera_and_no_other(city: Running) -> None:
    bad, good = (camera["id"] for camera in city.get("/api/v1/cameras")["items"])
    for _ in range(3):
        crash_while_decoding(city, bad)
    wait_for(lambda: city.state(bad) == "quarantined", "the camera is in quarantine", 60)
    assert "SIGSEGV" in city.camera(bad)["status"]["reason"]
    wait_for(lambda: city.state(good) == "live", "the other camera is live", 60)

    assert city.ask("DELETE", f"/api/v1/cameras/{bad}/quarantine")[0] == 204
    wait_for(lambda: city.state(bad) == "live", "the camera that was let out is live", 60)
    assert city.ask("DELETE", f"/api/v1/cameras/{bad}/quarantine")[0] == 404
