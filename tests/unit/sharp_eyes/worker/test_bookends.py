"""What a dead worker left is closed by who takes its slot, and a stop in good order leaves nothing."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.event import EndReason
from core.ids import CameraId, EventId
from core.stream_state import StreamState, StreamStatus
from events.index.outcome import Fate
from events.index.search import get
from events.index.write import write_events
from events.media import records
from events.media.blobs import FolderBlobs
from events.media.table import MediaKind, MediaState
from events.spool import Spool, has_waiting
from registry import cameras, epochs, leases, stream_states, streams, workers
from registry.db import Database
from registry.server_clock import server_time
from registry.workers import Worker
from sharp_eyes.worker.bookends import clear_up, drain_left_behind, note_registration, say_farewell
from sharp_eyes.worker.slots import Slot, take_slot
from tests.support.builders import START, after, an_event


@dataclass(frozen=True, slots=True)
class Left:
    """What a worker left: a camera, an event of it that is open, and its slot."""

    worker: Worker
    camera: CameraId
    event: EventId
    slot: Slot


@pytest.fixture
def left(sqlite_database: Database, tmp_path: Path) -> Left:
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        stream = streams.add(connection, camera, url="rtsp://camera/1").id
        worker = workers.register(connection, pid=1, at=START, port=1, token="token")
        epoch = epochs.take(connection, worker.id, [camera], START)[camera]
        event = an_event(1, camera=camera, epoch=epoch, lasted_s=3)
        write_events(connection, [event])
        records.mark_pending(connection, [event.id], MediaKind.SNAPSHOT, START)
        status = StreamStatus(camera, stream, StreamState.LIVE, START, "pictures arrive")
        stream_states.put(connection, worker.id, [status], START)
    slot = Slot(1, tmp_path)
    note_registration(slot, worker)
    return Left(worker, camera, event.id, slot)


def test_what_a_dead_worker_of_this_slot_left_open_is_closed_where_it_was_last_seen(
    sqlite_database: Database, left: Left, tmp_path: Path
) -> None:
    clear_up(sqlite_database, FolderBlobs(tmp_path / "blobs"), left.slot)
    with sqlite_database.read() as connection:
        event = get(connection, left.event).event
        snapshot = records.find(connection, left.event, MediaKind.SNAPSHOT)
    assert (event.end_reason, event.ended_at) == (EndReason.INTERRUPTED, after(3))
    assert snapshot is not None
    assert snapshot.state is MediaState.FAILED


@pytest.mark.parametrize("is_start", [True, False])
def test_nobody_is_said_to_watch_its_cameras_any_more(
    sqlite_database: Database, left: Left, tmp_path: Path, is_start: bool
) -> None:
    if is_start:
        clear_up(sqlite_database, FolderBlobs(tmp_path / "blobs"), left.slot)
    else:
        say_farewell(sqlite_database, left.worker.id)
    with sqlite_database.read() as connection:
        assert epochs.unended(connection) == []
        assert stream_states.of_cameras(connection, [left.camera]) == {}
        assert workers.list_workers(connection) == []


def test_other_workers_are_left_alone(sqlite_database: Database, left: Left, tmp_path: Path) -> None:
    clear_up(sqlite_database, FolderBlobs(tmp_path / "blobs"), Slot(2, tmp_path / "other"))
    say_farewell(sqlite_database, workers.WorkerId(left.worker.id + 1))
    with sqlite_database.read() as connection:
        assert sorted(leases.held(connection, left.worker.id)) == [left.camera]
        assert get(connection, left.event).event.ended_at is None


def test_a_worker_of_the_same_number_in_another_database_is_left_alone(
    sqlite_database: Database, left: Left, tmp_path: Path
) -> None:
    with sqlite_database.write() as connection:
        leases.release(connection, left.worker.id)
        at = server_time(connection) + timedelta(seconds=1)
        other = workers.register(connection, pid=2, at=at, port=2, token="token")
    note_registration(left.slot, Worker(other.id, 1, START, START, 1, "token"))
    clear_up(sqlite_database, FolderBlobs(tmp_path / "blobs"), left.slot)
    with sqlite_database.read() as connection:
        assert [one.id for one in workers.list_workers(connection)] == [other.id]


@pytest.mark.parametrize("said", ["", "{", "[]", '{"worker": 1}', '{"worker": 1, "started_at": "soon"}'])
def test_a_registration_that_was_cut_off_is_none(
    sqlite_database: Database, left: Left, tmp_path: Path, said: str
) -> None:
    left.slot.registration.write_text(said)
    clear_up(sqlite_database, FolderBlobs(tmp_path / "blobs"), left.slot)
    with sqlite_database.read() as connection:
        assert len(workers.list_workers(connection)) == 1


def test_events_in_slots_that_nobody_takes_any_more_reach_the_database(
    sqlite_database: Database, left: Left, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    for number in range(1, 4):
        folder = data / "workers" / str(number)
        folder.mkdir(parents=True)
        with closing(Spool(Slot(number, folder).spool)) as spool:
            if number != 2:
                spool.put([an_event(10 + number, camera=left.camera, at=after(number))])
    with take_slot(data) as mine:
        assert drain_left_behind(sqlite_database, data) == Counter({Fate.NEW: 1})
        assert mine.number == 1
        assert [has_waiting(Slot(n, data / "workers" / str(n)).spool) for n in (1, 2, 3, 4)] == [True] + [False] * 3
        assert drain_left_behind(sqlite_database, data) == Counter()
        with take_slot(data) as other:
            assert other.number == 2
