"""A disk that is full: the oldest that nobody holds go; what cannot be stored says so, and no event is lost."""

import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from core.event import EndReason
from core.ids import CameraId
from events.index.write import write_events
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.keys import blob_key
from events.media.records import StoredBlob
from events.media.table import MediaKind
from registry.db import open_database
from registry.tables import camera_epoch
from tests.support.builders import an_event
from tests.support.footage import bikes
from tests.support.program import Running
from tests.support.rtsp_server import RtspServer
from tests.support.waiting import wait_for


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 MB. Skips where it cannot be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(place)], capture_output=True, text=True, check=False
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


def fill(disk: Path, name: str = "filler") -> Path:
    """Leave not one byte."""
    filler = disk / name
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    if file.write(b"\0" * size) < size:
                        break
            except OSError:
                continue
    return filler


def old_pictures(city: Running, count: int) -> list[str]:
    """Events of some days ago, each with a picture of three megabytes; the oldest first. They make room for the log
    of the database, too, which grows to 16 MB."""
    blobs, at = FolderBlobs(city.data / "blobs"), datetime.now(UTC) - timedelta(days=25)
    with closing(open_database(city.database_url)) as database:
        made = [
            an_event(n + 1, camera=CameraId(1), at=at + timedelta(days=n), epoch=1_000, end_reason=EndReason.OVER)
            for n in range(count)
        ]
        with database.write() as connection:
            beginning = {"camera": 1, "epoch": 1_000, "worker": 1, "from_at": at, "until_at": datetime.now(UTC)}
            connection.execute(insert(camera_epoch).values(beginning))
            numbers = [one.id for one in write_events(connection, made)]
        for number in numbers:
            key = blob_key(number, 1_000, MediaKind.SNAPSHOT)
            with blobs.writer(key) as sink:
                sink.write(bytes(3_000_000))
            with database.write() as connection:
                blob = StoredBlob(key, 3_000_000)
                records.mark_ready(connection, number, MediaKind.SNAPSHOT, blob, datetime.now(UTC))
    return [str(number) for number in numbers]


def notices(city: Running) -> set[str]:
    return {one["kind"] for one in city.get("/api/v1/notices?state=open")["items"]}


def snapshots(city: Running) -> dict[str, str]:
    """The state of each event's picture."""
    return {event["id"]: event["media"]["snapshot"]["state"] for event in city.events()}


def new_pictures(city: Running, known: set[str]) -> set[str]:
    """The events beside `known` that have a picture; none while nothing is shown."""
    return {event for event, state in shown(city).items() if state == "ready"} - known


def shown(city: Running) -> dict[str, str]:
    """The state of each event's picture; none while the disk has no room for who looks."""
    try:
        return snapshots(city)
    except AssertionError:
        return {}


def is_told(city: Running, kind: str) -> bool:
    """Whether a notice of that kind is open; not while nobody can be put on record."""
    try:
        return kind in notices(city)
    except AssertionError:
        return False


def test_on_a_full_disk_the_oldest_go_and_where_all_is_held_events_wait_for_room(
    city: Running, small_disk: Path
) -> None:
    wait_for(lambda: len(city.events()) >= 2, "two events", 60)
    wait_for(lambda: (city.data / "ballast").exists(), "the ballast", 30)
    old = old_pictures(city, 20)
    city.send("POST", "/api/v1/holds", {"name": "a case", "reason": "the court asked", "event": old[0]})

    filler = fill(small_disk)
    wait_for(lambda: city.ask("GET", "/readyz")[0] == 200, "there is room again", 60)
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 200, "events are shown", 30)
    wait_for(lambda: is_told(city, "disk_full"), "it is told", 30)
    states = wait_for(lambda: shown(city), "events are shown", 30)
    assert states[old[0]] == "ready", "what is held stays"
    assert states[old[1]] == "none", "the oldest goes"
    wait_for(lambda: new_pictures(city, set(states)), "pictures of new events are kept", 60)

    city.send("POST", "/api/v1/holds", {"name": "all", "reason": "the court asked", "camera": 1})
    before = set(states)

    def is_stuck() -> bool:
        fill(small_disk, "more")
        return city.ask("GET", "/readyz")[0] == 503 and not (city.data / "ballast").exists()

    wait_for(is_stuck, "it says that it is not ready", 60)
    assert b"disk" in city.ask("GET", "/readyz")[1]
    # Nobody looks at anything that cannot be put on record.
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 503, "nothing is shown", 30)
    had_made = city.events_made()
    wait_for(lambda: city.events_made() >= had_made + 3, "the loop goes on making events", 60)
    assert city.state(1) == "live"

    filler.unlink()
    (small_disk / "more").unlink()
    wait_for(lambda: city.ask("GET", "/readyz")[0] == 200, "it is ready again", 60)
    wait_for(lambda: city.ask("GET", "/api/v1/events")[0] == 200, "events are shown again", 30)
    wait_for(lambda: len(city.events()) == city.events_made() + len(old), "every event that was made is on record", 60)
    wait_for(lambda: notices(city) == set(), "the troubles are over", 30)
    assert before <= set(snapshots(city))
    pictures = [event["media"]["snapshot"] for event in city.events()]
    reasons = {picture["reason"] for picture in pictures if picture["state"] == "failed"}
    assert all("disk is full" in reason for reason in reasons), reasons
