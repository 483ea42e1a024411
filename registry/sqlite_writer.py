"""SQLite's one writer: one thread of one process at a time.

The threads of this process stand in line (`turns.py`), and the first of them asks SQLite for its lock. SQLite tells
nobody that the lock is free: it asks again after 1, 2, 5, 10, 15, 20, 25 ... 100 ms, so that one which was free after
9 ms is had after 18, and whoever has just come goes before those who have waited for long. Here all ask as often.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from sqlalchemy import Connection

from core.clock import Clock, SystemClock

from .turns import Turns

_AGAIN_S: Final = 0.0005
"""Asking costs about 20 us."""
_SLOWER_AFTER_S: Final = 1.0
_SLOWLY_AGAIN_S: Final = 0.005
_LONG_S: Final = 0.01
_LEFT_FREE_S: Final = 2 * _AGAIN_S
LOG_PAGES: Final = 4_000
"""The log, 16 MB, is written back by the commit that finds it longer: events of one hour change the same pages of the
indexes again and again, and at SQLite's own 4 MB nearly each thousand events would write all of them to their places.
"""
HASTY_LOG_PAGES: Final = 2 * LOG_PAGES
"""Writing it back takes 20 to 40 ms. A commit that somebody waits for leaves that to others, where there are some."""
_LOG: Final = "log_pages"


class SqliteWriter:
    """Whose turn it is to write. A process that had the lock for 10 ms or more leaves it free for 1 ms, in which all
    who wait have asked once: else one with much to write would hardly let others in."""

    def __init__(self, wait_s: float, clock: Clock | None = None) -> None:
        """`wait_s` is how long a turn, and then the lock, is waited for."""
        self._wait_s = wait_s
        self._clock = clock or SystemClock()
        self._turns = Turns()
        self._is_hasty = False
        self._had_at = 0.0
        self._free_until = 0.0

    @contextmanager
    def turn(self, *, hasty: bool) -> Iterator[None]:
        """A thread's turn, which lasts as long as the context; `hasty` where somebody waits for what it commits.

        Raises `NoTurn` where others take too long.
        """
        with self._turns.turn(self._wait_s):
            self._is_hasty = hasty
            self._had_at = self._clock.monotonic()
            if self._had_at < self._free_until:
                self._clock.sleep(self._free_until - self._had_at)
            try:
                yield
            finally:
                ended = self._clock.monotonic()
                if ended - self._had_at >= _LONG_S:
                    self._free_until = ended + _LEFT_FREE_S

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that has the lock, for whoever has the turn. The driver's own waiting is to be off.

        Raises what the driver does, at once or where the lock cannot be had in time.
        """
        self._wait_for_lock(connection)
        self._had_at = self._clock.monotonic()
        longest = HASTY_LOG_PAGES if self._is_hasty else LOG_PAGES
        if connection.info.get(_LOG) != longest:
            connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={longest}")
            connection.info[_LOG] = longest

    def _wait_for_lock(self, connection: Connection) -> None:
        driver = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        began = self._clock.monotonic()
        while (waited := self._clock.monotonic() - began) < self._wait_s:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
            self._clock.sleep(_AGAIN_S if waited < _SLOWER_AFTER_S else _SLOWLY_AGAIN_S)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, so that what is wrong is said as by all statements
