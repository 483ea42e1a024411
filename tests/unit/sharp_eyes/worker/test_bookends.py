"""What a dead worker left is closed at the next start, and a stop in good order leaves nothing."""

from pathlib import Path

import pytest

from core.camera import Camera
from core.event import EndReason
from core.ids import CameraId, EventId
from core.stream_state import StreamState, StreamStatus
from events.index.search import get
from events.index.write import write_events
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.table import MediaKind, MediaState
from registry import cameras, epochs, stream_states, streams, workers
from registry.db import Database
from registry.workers import WorkerId
from sharp_eyes.worker.bookends import clear_up, say_farewell
from tests.support.builders import START, FakeClock, after, an_event


@pytest.fixture
def left(sqlite_database: Database) -> tuple[CameraId, EventId]:
    """A camera that a dead worker watched, and an event that it left open."""
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        stream = streams.add(connection, camera, url="rtsp://camera/1").id
        worker = workers.register(connection, pid=1, at=START, port=1, token="token").id
        epoch = epochs.take(connection, worker, [camera], START)[camera]
        event = an_event(1, camera=camera, epoch=epoch, lasted_s=3)
        write_events(connection, [event])
        records.mark_pending(connection, [event.id], MediaKind.SNAPSHOT, START)
        stream_states.put(
            connection, WorkerId(1), [StreamStatus(camera, stream, StreamState.LIVE, START, "pictures arrive")], START
        )
    return camera, event.id


def test_an_event_left_open_is_closed_where_it_was_last_seen(
    sqlite_database: Database, left: tuple[CameraId, EventId], clock: FakeClock, tmp_path: Path
) -> None:
    clear_up(sqlite_database, FolderBlobs(tmp_path), clock)
    with sqlite_database.read() as connection:
        event = get(connection, left[1]).event
        snapshot = records.find(connection, left[1], MediaKind.SNAPSHOT)
    assert (event.end_reason, event.ended_at) == (EndReason.INTERRUPTED, after(3))
    assert snapshot is not None
    assert snapshot.state is MediaState.FAILED


def test_it_is_closed_also_where_the_camera_is_not_watched_any_more(
    sqlite_database: Database, left: tuple[CameraId, EventId], clock: FakeClock, tmp_path: Path
) -> None:
    camera, event = left
    with sqlite_database.write() as connection:
        cameras.change(connection, Camera(camera, "gate", cameras.get(connection, camera).department, False), START)
        epochs.end(connection, [camera], START)
    clear_up(sqlite_database, FolderBlobs(tmp_path), clock)
    with sqlite_database.read() as connection:
        assert get(connection, event).event.end_reason is EndReason.INTERRUPTED


@pytest.mark.parametrize("is_start", [True, False])
def test_nobody_is_said_to_watch_any_more(
    sqlite_database: Database, left: tuple[CameraId, EventId], clock: FakeClock, tmp_path: Path, is_start: bool
) -> None:
    if is_start:
        clear_up(sqlite_database, FolderBlobs(tmp_path), clock)
    else:
        say_farewell(sqlite_database, clock)
    with sqlite_database.read() as connection:
        assert epochs.unended(connection) == []
        assert stream_states.of_cameras(connection, [left[0]]) == {}
        assert workers.list_workers(connection) == []
