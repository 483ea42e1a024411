"""A disk that is full: what cannot be stored says so, the rest goes on, and nothing is lost once there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 48 MB. Skips where it cannot be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def city(small_disk: Path, tmp_path: Path, street_server: RtspServer) -> Iterator[Running]:
    running = Running(small_disk / "data", environment={"SHARP_EYES_API__FREE_DISK_BYTES": "1000000"})
    running.log = tmp_path / "program.log"
    running.start()
    try:
        running.add_camera("camera", street_server.url(bikes().name))
        yield running
    finally:
        running.stop()


def fill(disk: Path) -> Path:
    """Leave not one byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    if file.write(b"\0" * size) < size:
                        break
            except OSError:
                continue
    return ballast


def test_a_full_disk_is_told_and_events_wait_for_room(city: Running, small_disk: Path) -> None:
    wait_for(lambda: len(city.events()) >= 2, "two events", 60)
    before = {event["id"] for event in city.events()}
    ballast = fill(small_disk)
    wait_for(lambda: city.ask("GET", "/readyz")[0] == 503, "it says that it is not ready", 30)
    assert b"disk" in city.ask("GET", "/readyz")[1]
    # Nobody looks at anything that cannot be put on record.
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 503, "nothing is shown", 30)
    had = city.events_made()
    wait_for(lambda: city.events_made() >= had + 3, "the loop goes on making events", 60)
    assert city.state(1) == "live"

    ballast.unlink()
    wait_for(lambda: city.ask("GET", "/readyz")[0] == 200, "it is ready again", 60)
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 200, "events are shown again", 30)
    wait_for(lambda: len(city.events()) == city.events_made(), "every event that was made is on record", 60)
    assert before <= {event["id"] for event in city.events()}
    failed = [event for event in city.events() if event["media"]["snapshot"]["state"] == "failed"]
    assert all("disk is full" in event["media"]["snapshot"]["reason"] for event in failed)
