"""Looks and crossings reach the database in batches; nothing waits for it, and what is lost is counted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from core.crossing import Crossing
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleId
from events.flows.series import FlowCount, Step, series
from events.tracks.log import read_looks
from registry.db import Database, open_database
from sharp_eyes.worker import look_writer
from sharp_eyes.worker.look_writer import LookWriter
from sharp_eyes.worker.track_pages import TrackPages
from tests.support.builders import CAMERA, START, FakeClock, a_track, after
from tests.support.waiting import wait_for

RIGHT = Direction.LEFT_TO_RIGHT


@pytest.fixture
def impatient(sqlite_database: Database, tmp_path: Path) -> Iterator[Database]:
    """The same database, of which a lock is waited for in vain at once."""
    database = open_database(f"sqlite:///{tmp_path}/test.db", wait_s=0)
    yield database
    database.close()


@contextmanager
def away(folder: Path) -> Iterator[None]:
    """The database takes no writes meanwhile."""
    other = sqlite3.connect(folder / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def a_writer(database: Database, hours: int = 72) -> LookWriter:
    writer = LookWriter(database, FakeClock(), hours)
    writer.begin(CAMERA, 1)
    return writer


def look(writer: LookWriter, *seconds: float, crossings: int = 0) -> None:
    for second in seconds:
        crossed = [Crossing(RuleId(1), LineId(1), RIGHT, "car", after(second))] * crossings
        writer.looked(CAMERA, after(second), [a_track()], crossed)
    writer.gather()


def logged(database: Database) -> list[float]:
    looks = read_looks(database, CAMERA, START - timedelta(days=30), START + timedelta(days=30))
    return [(look.at - START).total_seconds() for look in looks]


def counted(database: Database) -> list[FlowCount]:
    with database.read() as connection:
        return series(connection, RuleId(1), [CAMERA], START, after(86_400), Step.MINUTE)


def is_failing(writer: LookWriter) -> bool:
    return writer.failing is not None


def test_looks_are_on_record_after_each_write_and_once_only(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    look(writer, 1, 2)
    writer.write()
    assert logged(sqlite_database) == [1, 2]
    look(writer, 3, 61)
    writer.write()
    writer.write()
    assert logged(sqlite_database) == [1, 2, 3, 61]


def test_a_clock_that_is_set_back_loses_no_look(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    look(writer, 61)
    writer.write()
    look(writer, 1, 62, 63)
    writer.write()
    assert logged(sqlite_database) == [1, 61, 62, 63]


def test_looks_of_a_new_lease_stand_beside_those_of_the_one_before(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    look(writer, 1)
    writer.begin(CAMERA, 2)
    look(writer, 2)
    writer.write()
    found = list(read_looks(sqlite_database, CAMERA, START, after(60)))
    assert [(look.run, (look.at - START).total_seconds()) for look in found] == [(1, 1), (2, 2)]


def test_while_the_database_is_away_looks_and_crossings_wait(
    impatient: Database, sqlite_database: Database, tmp_path: Path
) -> None:
    writer = a_writer(impatient)
    with away(tmp_path):
        for minute in range(3):
            look(writer, 60 * minute, 60 * minute + 1, crossings=2)
            writer.write()
        assert is_failing(writer)
        assert writer.waiting_bytes > 0
    writer.write()
    assert (is_failing(writer), writer.waiting_bytes) == (False, 0)
    assert logged(sqlite_database) == [0, 1, 60, 61, 120, 121]
    assert [found.count for found in counted(sqlite_database)] == [4, 4, 4]
    assert (writer.looks_lost, writer.crossings_lost) == (0, 0)


def test_minutes_that_find_no_room_are_lost_oldest_first_and_counted() -> None:
    pages = TrackPages(most_waiting_bytes=250)
    for second in range(0, 600, 30):
        pages.add(CAMERA, 1, after(second), [a_track()])
    kept = pages.batch(100)
    assert pages.waiting_bytes <= 250
    assert 0 < pages.lost == 20 - sum(part.looks for part in kept)
    assert kept[-1].minute == after(540)


def test_a_writer_that_does_not_come_round_lets_looks_go_and_counts_them(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_writer, "MOST_GATHERED", 4)
    writer = a_writer(sqlite_database)
    for second in range(5):
        writer.looked(CAMERA, after(second), [a_track()], [])
    writer.gather()
    writer.write()
    assert (logged(sqlite_database), writer.looks_lost) == ([0, 1], 3)


def test_looks_of_a_camera_that_is_not_watched_are_no_fault(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    writer.looked(CameraId(99), START, [], [])
    writer.gather()
    writer.write()
    assert writer.looks_lost == 0


def test_without_a_log_nothing_is_kept_but_flows_are_counted(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database, hours=0)
    look(writer, 1, crossings=1)
    writer.write()
    assert logged(sqlite_database) == []
    assert [found.count for found in counted(sqlite_database)] == [1]


def test_sums_grow_in_the_database(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    for _ in range(2):
        look(writer, 5, crossings=3)
        writer.write()
    assert counted(sqlite_database) == [FlowCount(START, RIGHT, "car", 6)]


def test_the_stop_writes_what_was_gathered(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    writer.start()
    writer.looked(CAMERA, after(1), [a_track()], [])
    writer.stop(5)
    assert logged(sqlite_database) == [1]


def test_the_thread_writes_by_itself(sqlite_database: Database) -> None:
    writer = a_writer(sqlite_database)
    writer.start()
    writer.looked(CAMERA, after(1), [a_track()], [])
    wait_for(lambda: logged(sqlite_database) == [1], "the look is on record")
    writer.stop(5)
