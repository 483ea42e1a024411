"""Events are written in order and told of once they are on record, also when the database was away meanwhile."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag
from threading import Timer
from typing import cast

import pytest
from sqlalchemy import Connection

from core.clock import SystemClock
from core.errors import Unavailable
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import RuleKind
from events.index.outcome import Fate
from events.index.search import get
from events.media import records
from events.media.records import LEFT_OVER, WAITED_TOO_LONG
from events.media.table import MediaKind, MediaState
from events.spool import Spool
from events.storing import drain
from registry import cameras, epochs, streams
from registry.db import Database, open_database
from registry.workers import WorkerId
from sharp_eyes.worker.event_writer import EventWriter
from tests.support.builders import START, after, an_event
from tests.support.happenings import write
from tests.support.waiting import wait_for


@pytest.fixture
def camera(sqlite_database: Database) -> CameraId:
    """A camera that is being watched in its first epoch."""
    with sqlite_database.write() as connection:
        number = cameras.add(connection, name="gate").id
        epochs.take(connection, WorkerId(1), [number], START)
    return number


@pytest.fixture
def impatient(sqlite_database: Database, tmp_path: Path) -> Iterator[Database]:
    """The same database, of which a lock is waited for in vain at once."""
    database = open_database(f"sqlite:///{tmp_path}/test.db", wait_s=0)
    yield database
    database.close()


@contextmanager
def away(folder: Path) -> Iterator[sqlite3.Connection]:
    """The database takes no writes meanwhile."""
    other = sqlite3.connect(folder / "test.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


class Told:
    """What a writer tells."""

    def __init__(self, database: Database, folder: Path, *, most_waiting: int = 100, most_spooled: int = 100) -> None:
        self.committed: list[tuple[int, int, bool]] = []
        """Number, version, and whether it is the first."""
        self.late: list[int] = []
        self.spool = Spool(folder / "spool.db", most=most_spooled)
        self.writer = EventWriter(database, self.spool, SystemClock(), self._note, most_waiting=most_waiting)
        self.writer.start()

    def _note(self, event: Event, is_first: bool, is_late: bool) -> None:
        self.committed.append((event.origin.n, event.version, is_first))
        if is_late:
            self.late.append(event.origin.n)


def test_each_event_is_told_of_as_new_once(sqlite_database: Database, camera: CameraId, tmp_path: Path) -> None:
    told = Told(sqlite_database, tmp_path)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "the first version is told")
    told.writer.offer([an_event(1, camera=camera, version=2)])
    wait_for(lambda: len(told.committed) == 2, "the second version is told")
    told.writer.offer([an_event(1, camera=camera, version=3, end_reason=EndReason.LEFT)])
    told.writer.stop(5)
    assert told.committed == [(1, 1, True), (1, 2, False), (1, 3, False)]


def test_while_the_database_is_away_events_are_in_the_spool_in_their_newest_version(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path)
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera), an_event(2, camera=camera, at=after(1))])
        wait_for(lambda: told.writer.spooled == 2, "both are in the spool")
        told.writer.offer([an_event(1, camera=camera, version=2), an_event(3, camera=camera, at=after(2))])
        wait_for(lambda: told.writer.spooled == 3 and told.writer.waiting == 0, "nothing waits in memory")
        assert told.committed == []
    wait_for(lambda: len(told.committed) == 3, "they are written")
    told.writer.stop(5)
    assert told.committed == [(1, 2, True), (2, 1, True), (3, 1, True)]
    assert (told.writer.spooled, told.writer.lost, told.writer.failing) == (0, 0, None)


def test_an_event_on_record_that_goes_on_meanwhile_is_not_counted_as_new(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "the first is on record")
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera, version=2), an_event(2, camera=camera, at=after(1))])
        wait_for(lambda: len(told.spool) == 2, "both are in the spool")
        assert told.writer.spooled == 1
    wait_for(lambda: len(told.committed) == 3, "they are written")
    told.writer.stop(5)
    assert told.committed == [(1, 1, True), (1, 2, False), (2, 1, True)]


class Hanging:
    """A database whose transactions stay open until they may end; whether they were committed is told, or not."""

    def __init__(self, database: Database, *, breaks_off: bool = False) -> None:
        self.kind = database.kind
        self._database = database
        self._breaks_off = breaks_off
        self.is_written = Flag()
        self.may_commit = Flag()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._database.write() as connection:
            yield connection
            self.is_written.set()
            assert self.may_commit.wait(60)
        if self._breaks_off:
            self._breaks_off = False
            raise Unavailable("the connection broke")


def test_a_version_that_comes_while_an_older_one_is_written_is_not_lost(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    hanging = Hanging(sqlite_database)
    told = Told(cast(Database, hanging), tmp_path)
    told.writer.offer([an_event(1, camera=camera)])
    assert hanging.is_written.wait(60)
    told.writer.offer([an_event(1, camera=camera, version=2, end_reason=EndReason.LEFT)])
    hanging.may_commit.set()
    told.writer.stop(10)
    assert told.committed == [(1, 1, True), (1, 2, False)]


def test_events_are_safe_while_the_database_hangs_and_are_told_of_once_when_it_goes_on(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    hanging = Hanging(sqlite_database)
    told = Told(cast(Database, hanging), tmp_path)
    told.writer.offer([an_event(1, camera=camera)])
    assert hanging.is_written.wait(60)
    told.writer.offer([an_event(2, camera=camera, at=after(1))])
    wait_for(lambda: len(told.spool) == 2, "both are in the spool, the one that is being written too")
    hanging.may_commit.set()
    wait_for(lambda: len(told.committed) == 2 and not len(told.spool), "both are written")
    told.writer.stop(5)
    assert told.committed == [(1, 1, True), (2, 1, True)]


def test_a_commit_of_which_nobody_heard_is_told_of_all_the_same(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    hanging = Hanging(sqlite_database, breaks_off=True)
    hanging.may_commit.set()
    told = Told(cast(Database, hanging), tmp_path)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "it is told")
    told.writer.stop(5)
    assert told.committed == [(1, 1, True)]


def test_what_cannot_be_written_before_the_stop_is_in_the_spool_and_stored_at_the_next_start(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path)
    event = an_event(1, camera=camera, end_reason=EndReason.STOPPED)
    with away(tmp_path):
        told.writer.offer([event])
        told.writer.stop(10)
        # It does not go on to write into a database that is closed next.
        wait_for(lambda: all(thread.name != "event-writer" for thread in threading.enumerate()), "its thread ends")
    told.spool.close()
    assert told.writer.lost == 0
    assert drain(Spool(tmp_path / "spool.db"), impatient) == {Fate.NEW: 1}
    with impatient.read() as connection:
        stored = get(connection, event.id)
    assert stored.event == event
    assert {medium.reason for medium in stored.media} == {LEFT_OVER}
    assert {medium.kind for medium in stored.media} == {MediaKind.SNAPSHOT, MediaKind.ORIGINAL}


def test_a_spool_that_was_drained_and_not_emptied_is_drained_again_without_harm(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "spool.db")
    event = an_event(1, camera=camera)
    write(sqlite_database, [event])
    with sqlite_database.write() as connection:
        records.mark_pending(connection, [event.id], MediaKind.SNAPSHOT, after(1))
    spool.put([event])
    assert drain(spool, sqlite_database) == {Fate.KNOWN: 1}
    assert len(spool) == 0
    with sqlite_database.read() as connection:
        states = {medium.kind: medium.state for medium in get(connection, event.id).media}
    assert states == {MediaKind.SNAPSHOT: MediaState.PENDING, MediaKind.ORIGINAL: MediaState.FAILED}
    spool.close()


def test_where_the_database_is_away_at_the_start_what_was_left_stays_in_the_spool(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "spool.db")
    spool.put([an_event(1, camera=camera)])
    with away(tmp_path):
        assert drain(spool, impatient) == {}
    assert len(spool) == 1
    spool.close()


def test_an_event_that_is_on_record_late_is_so_with_the_reason_why_it_has_no_media(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    old, fresh = an_event(1, camera=camera), an_event(2, camera=camera, at=datetime.now(UTC))
    told = Told(impatient, tmp_path)
    with away(tmp_path):
        told.writer.offer([old, fresh])
        wait_for(lambda: len(told.spool) == 2, "both are in the spool")
    wait_for(lambda: len(told.committed) == 2, "both are written")
    told.writer.stop(5)
    assert told.late == [1]
    with impatient.read() as connection:
        assert [medium.reason for medium in get(connection, old.id).media] == [WAITED_TOO_LONG] * 2
        assert get(connection, fresh.id).media == ()


def test_with_neither_database_nor_spool_a_stop_waits_and_tells_what_was_lost(
    impatient: Database, camera: CameraId, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(impatient, tmp_path, most_spooled=0)
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera)])
        wait_for(lambda: told.writer.failing, "the first attempt fails")
        began = time.monotonic()
        with caplog.at_level(logging.ERROR):
            told.writer.stop(0.5)
        assert time.monotonic() - began < 3
        wait_for(lambda: all(thread.name != "event-writer" for thread in threading.enumerate()), "its thread ends")
    assert "1 events could not be written" in caplog.text


def test_a_database_that_comes_back_during_the_stop_gets_the_events_that_found_no_spool(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path, most_spooled=0)
    with away(tmp_path) as other:
        event = an_event(1, camera=camera, end_reason=EndReason.STOPPED)
        told.writer.offer([event])
        wait_for(lambda: told.writer.failing, "the first attempt fails")
        back = Timer(1.0, other.rollback)
        back.start()
        told.writer.stop(10)
        back.join()
    with impatient.read() as connection:
        assert get(connection, event.id).event.end_reason is EndReason.STOPPED


def test_an_event_that_the_database_does_not_take_holds_up_no_other(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(sqlite_database, tmp_path)
    bad = an_event(1, camera=CameraId(999))
    told.writer.offer([bad, *(an_event(n, camera=camera, at=after(n)) for n in range(2, 6))])
    wait_for(lambda: len(told.committed) == 4, "the good ones are written")
    told.writer.offer([replace(bad, version=2)])
    wait_for(lambda: told.writer.waiting == 0, "its next version is refused, too")
    told.writer.stop(5)
    assert told.writer.lost == 1
    assert told.spool.refused() == [(999, "there is no camera 999, so nothing can have happened on it")]


def test_an_event_that_another_worker_watched_is_counted_once_and_not_told_of(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    with sqlite_database.write() as connection:
        epochs.take(connection, WorkerId(2), [camera], after(10))
    told = Told(sqlite_database, tmp_path)
    for version in (1, 2):
        told.writer.offer([an_event(1, camera=camera, at=after(11), version=version)])
        wait_for(lambda: told.writer.waiting == 0 and told.writer.fenced, "it is fenced")
    told.writer.offer([an_event(2, camera=camera, at=after(9))])
    told.writer.stop(5)
    assert told.writer.fenced == 1
    assert told.committed == [(2, 1, True)]


def test_where_there_is_no_room_at_all_new_events_are_lost_and_those_on_record_still_get_their_end(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path, most_waiting=2, most_spooled=0)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "the first is on record")
    with away(tmp_path):
        told.writer.offer([an_event(n, camera=camera, at=after(n)) for n in (2, 3, 4, 5)])
        told.writer.offer([an_event(1, camera=camera, version=2, end_reason=EndReason.LEFT)])
        told.writer.offer([an_event(4, camera=camera, at=after(4), version=2, end_reason=EndReason.LEFT)])
        assert told.writer.lost == 2
    wait_for(lambda: len(told.committed) == 4, "what found room is written")
    told.writer.offer([an_event(5, camera=camera, at=after(5), version=2)])
    told.writer.stop(5)
    assert (1, 2, False) in told.committed
    assert (5, 2, True) in told.committed
    assert told.writer.lost == 1


def test_a_spool_on_a_disk_that_fails_does_not_keep_the_database_from_new_events(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, tmp_path)
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera)])
        wait_for(lambda: told.writer.spooled == 1, "it is in the spool")
        other = sqlite3.connect(tmp_path / "spool.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    told.writer.offer([an_event(2, camera=camera, at=after(1))])
    wait_for(lambda: (2, 1, True) in told.committed, "the new one is written")
    other.close()
    wait_for(lambda: (1, 1, True) in told.committed, "the old one is written")
    told.writer.stop(5)


def test_a_listener_that_fails_does_not_end_the_writing(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    def fail(event: Event, is_first: bool, is_late: bool) -> None:
        raise RuntimeError("no")

    writer = EventWriter(sqlite_database, Spool(tmp_path / "spool.db"), SystemClock(), fail)
    writer.start()
    writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: writer.committed == 1, "the first is written")
    writer.offer([an_event(2, camera=camera)])
    wait_for(lambda: writer.committed == 2, "the second is written")
    writer.stop(5)


def test_a_lost_stream_that_joins_an_outage_is_told_of_as_one_that_needs_no_media(
    sqlite_database: Database, camera: CameraId, tmp_path: Path
) -> None:
    with sqlite_database.write() as connection:
        other = cameras.add(connection, name="yard").id
        epochs.take(connection, WorkerId(1), [other], START)
        for number in (camera, other):
            streams.add(connection, number, url=f"rtsp://recorder.example/{number}")
    told = Told(sqlite_database, tmp_path)
    lost = [an_event(n, camera=number, at=after(n), label="stream") for n, number in ((1, camera), (2, other))]
    told.writer.offer([replace(event, kind=RuleKind.STREAM_LOST) for event in lost])
    told.writer.stop(5)
    assert told.committed == [(1, 1, True), (2, 1, True)]
    assert told.late == [2]
