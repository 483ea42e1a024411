"""Events are written in order and told of once they are on record, also when the database was away meanwhile."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Timer
from typing import cast

import pytest
from sqlalchemy import Connection

from core.clock import SystemClock
from core.event import EndReason, Event
from core.ids import CameraId
from events.index.search import get
from registry import cameras, epochs
from registry.db import Database, open_database
from registry.workers import WorkerId
from sharp_eyes.worker.event_writer import EventWriter
from tests.support.builders import START, an_event
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

    def __init__(self, database: Database, *, most_waiting: int = 100) -> None:
        self.committed: list[tuple[int, int, bool]] = []
        """Number, version, and whether it is the first."""
        self.writer = EventWriter(database, SystemClock(), self._note, most_waiting=most_waiting)
        self.writer.start()

    def _note(self, event: Event, is_first: bool) -> None:
        self.committed.append((event.origin.n, event.version, is_first))


def test_each_event_is_told_of_as_new_once(sqlite_database: Database, camera: CameraId) -> None:
    told = Told(sqlite_database)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "the first version is told")
    told.writer.offer([an_event(1, camera=camera, version=2)])
    wait_for(lambda: len(told.committed) == 2, "the second version is told")
    told.writer.offer([an_event(1, camera=camera, version=3, end_reason=EndReason.LEFT)])
    told.writer.stop(5)
    assert told.committed == [(1, 1, True), (1, 2, False), (1, 3, False)]


def test_while_the_database_is_away_each_event_waits_in_its_newest_version(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient)
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera)])
        wait_for(lambda: told.writer.failing, "the first attempt fails")
        told.writer.offer([an_event(1, camera=camera, version=2), an_event(2, camera=camera)])
        assert told.writer.waiting == 2
        assert told.committed == []
    wait_for(lambda: len(told.committed) == 2, "both are written")
    told.writer.stop(5)
    assert told.committed == [(1, 2, True), (2, 1, True)]
    assert told.writer.lost == 0


class Unhurried:
    """A database whose transactions stay open until they may end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_written = Flag()
        self.may_commit = Flag()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._database.write() as connection:
            yield connection
            self.is_written.set()
            assert self.may_commit.wait(60)


def test_a_version_that_comes_while_an_older_one_is_written_is_not_lost(
    sqlite_database: Database, camera: CameraId
) -> None:
    unhurried = Unhurried(sqlite_database)
    told = Told(cast(Database, unhurried))
    told.writer.offer([an_event(1, camera=camera)])
    assert unhurried.is_written.wait(60)
    told.writer.offer([an_event(1, camera=camera, version=2, end_reason=EndReason.LEFT)])
    unhurried.may_commit.set()
    told.writer.stop(10)
    assert told.committed == [(1, 1, True), (1, 2, False)]


def test_a_database_that_comes_back_during_the_stop_gets_its_events(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient)
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


def test_the_stop_does_not_wait_for_ever_and_tells_what_was_lost(
    impatient: Database, camera: CameraId, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(impatient)
    with away(tmp_path):
        told.writer.offer([an_event(1, camera=camera)])
        wait_for(lambda: told.writer.failing, "the first attempt fails")
        began = time.monotonic()
        with caplog.at_level(logging.ERROR):
            told.writer.stop(0.5)
        assert time.monotonic() - began < 2
        # It does not go on to write into a database that is closed next.
        wait_for(lambda: all(thread.name != "event-writer" for thread in threading.enumerate()), "its thread ends")
    assert "1 events could not be written" in caplog.text


def test_an_event_that_the_database_does_not_take_holds_up_no_other(
    sqlite_database: Database, camera: CameraId
) -> None:
    told = Told(sqlite_database)
    told.writer.offer([an_event(1, camera=CameraId(999)), an_event(2, camera=camera)])
    wait_for(lambda: told.committed == [(2, 1, True)], "the good one is written")
    told.writer.stop(5)
    assert told.writer.lost == 1


def test_where_no_more_may_wait_events_on_record_still_get_their_end(
    impatient: Database, camera: CameraId, tmp_path: Path
) -> None:
    told = Told(impatient, most_waiting=2)
    told.writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: told.committed, "the first is on record")
    with away(tmp_path):
        told.writer.offer([an_event(n, camera=camera) for n in (2, 3, 4)])
        told.writer.offer([an_event(1, camera=camera, version=2, end_reason=EndReason.LEFT)])
        assert told.writer.lost == 1
    wait_for(lambda: (1, 2, False) in told.committed, "its end is written")
    told.writer.stop(5)


def test_a_listener_that_fails_does_not_end_the_writing(sqlite_database: Database, camera: CameraId) -> None:
    def fail(event: Event, is_first: bool) -> None:
        raise RuntimeError("no")

    writer = EventWriter(sqlite_database, SystemClock(), fail)
    writer.start()
    writer.offer([an_event(1, camera=camera)])
    wait_for(lambda: writer.committed == 1, "the first is written")
    writer.offer([an_event(2, camera=camera)])
    wait_for(lambda: writer.committed == 2, "the second is written")
    writer.stop(5)
