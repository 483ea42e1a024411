"""SQLite's lock is asked for at even intervals, and left free for others after a long turn."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event as Flag

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from registry import sqlite_file
from registry.sqlite_writer import HASTY_LOG_PAGES, LOG_PAGES, SqliteWriter
from tests.support.builders import FakeClock


def test_whoever_waits_asks_again_as_soon_as_whoever_has_just_come(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        clock = _Waiting(40, other)
        writer = SqliteWriter(10, clock)
        with _engine(tmp_path, writer) as engine, writer.turn(hasty=False), engine.begin():
            assert (len(clock.slept), set(clock.slept)) == (40, {0.0005})


def test_a_process_that_had_the_lock_for_long_leaves_it_free_for_two_askings(tmp_path: Path) -> None:
    assert _left_free(tmp_path, held_s=0.012) == 0.001


def test_one_that_had_it_for_a_moment_takes_it_again_at_once(tmp_path: Path) -> None:
    assert _left_free(tmp_path, held_s=0.005) == 0


def test_a_commit_that_somebody_waits_for_leaves_the_log_to_others(tmp_path: Path) -> None:
    writer = SqliteWriter(10)
    found = []
    with _engine(tmp_path, writer) as engine:
        for hasty in (False, True, False):
            with writer.turn(hasty=hasty), engine.begin() as connection:
                found.append(connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar())
    assert found == [LOG_PAGES, HASTY_LOG_PAGES, LOG_PAGES]


class _Waiting(FakeClock):
    """Lets another one commit when it is slept on for the given time."""

    def __init__(self, at: int, other: sqlite3.Connection) -> None:
        super().__init__()
        self.slept: list[float] = []
        self._at = at
        self._other = other

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        self.slept.append(seconds)
        if len(self.slept) == self._at:
            self._other.execute("COMMIT")
        return super().sleep(seconds, wake)


def _left_free(folder: Path, held_s: float) -> float:
    """For how long nobody of this process asks for the lock after it was held for `held_s`."""
    clock = FakeClock()
    writer = SqliteWriter(10, clock)
    with _engine(folder, writer) as engine:
        with writer.turn(hasty=False), engine.begin():
            clock.advance(held_s)
        ended = clock.monotonic()
        with writer.turn(hasty=False), engine.begin():
            return round(clock.monotonic() - ended, 6)


@contextmanager
def _engine(folder: Path, writer: SqliteWriter) -> Iterator[Engine]:
    url = URL.create("sqlite+pysqlite", database=str(folder / "test.db"))
    engine = create_engine(url, connect_args={"isolation_level": None}, pool_size=1)
    sqlite_file.tune_to_write(engine, writer)
    yield engine
    engine.dispose()
