"""The matcher: follows the changes of events by their number, and makes what is to be told of them."""

import logging
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Final

from sqlalchemy import Connection, insert, select, update

from core.clock import Clock
from core.errors import SharpEyesError
from registry.db import Database, Engines
from registry.visibility import Visibility

from ..index import changes
from .matching import Matched, match
from .tables import alert_cursor, delivery, told
from .windows import Windows, delivery_row
from .wishes import Wishes

_log = logging.getLogger(__name__)

MOST_CHANGES: Final = 500
"""In one transaction."""
_MOST_ON_SQLITE: Final = 200
"""Who waits for SQLite's writer waits for no longer than what these take."""
_EVERY_S: Final = 0.05
_EVERY_S_UNASKED: Final = 1.0
"""While nobody is to be told of anything: the cursor goes on all the same, in fewer transactions."""
_AFTER_A_FAULT_S: Final = 1.0
_PATIENCE_S: Final = 0.5
"""Somebody else who matches is waited for as long as the cursor moves, and so much longer."""


class Matcher:
    """Matches in a thread of its own. Several may run on one database: one matches, the others see to it that somebody
    does. What is made and the cursor are written in one transaction, so that a crash loses nothing and repeats nothing.
    """

    def __init__(
        self, database: Database, visibility: Visibility, clock: Clock, on_made: Callable[[], None] = lambda: None
    ) -> None:
        """`on_made` is called from the matcher's thread when there is something new to send."""
        self._database = database
        self._clock = clock
        self._on_made = on_made
        self._wishes = Wishes(visibility)
        self._most = _MOST_ON_SQLITE if database.kind is Engines.SQLITE else MOST_CHANGES
        self._stop = Flag()
        self._is_failing = False
        self._is_asked = True
        self._stands_by = False
        self._seen = -1
        """Where the cursor stood when it was looked at last."""
        self._moved_at = 0.0
        """When it was found to have moved, by the monotonic clock."""
        self._thread = Thread(target=self._run, name="matcher", daemon=True)

    def start(self) -> None:
        """Begin to match."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Match no more; wait up to `timeout_s` seconds for what is being written."""
        self._stop.set()
        self._thread.join(timeout_s)

    def match_some(self) -> int:
        """Match what comes next, and return how many changes that were; 0 where there are none, or somebody else was
        faster. Raises `Unavailable`."""
        now = self._clock.now()
        with self._database.read() as connection:
            wishes = self._wishes.refresh(connection, now)
            matched = match(connection, wishes, now, self._most)
        self._is_asked = bool(wishes)
        if matched is None:
            return 0
        with self._database.write() as connection:
            if not _move_cursor(connection, matched):
                self._stands_by, self._moved_at = True, self._clock.monotonic()
                return 0
            _write(connection, matched, self._clock)
        self._stands_by = False
        if matched.tellings:
            self._on_made()
        return matched.changes

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self._turn():
                self._clock.sleep(self._pause_s(), self._stop)

    def _pause_s(self) -> float:
        if self._is_failing:
            return _AFTER_A_FAULT_S
        return _EVERY_S if self._is_asked else _EVERY_S_UNASKED

    def _turn(self) -> bool:
        """Whether there may be more to do at once."""
        try:
            is_more = self._is_due() and self.match_some() > 0
        except SharpEyesError as error:
            if not self._is_failing:
                _log.error("events are not matched: %s", error.message)
            self._is_failing = True
        except Exception:
            if not self._is_failing:
                _log.exception("events are not matched")
            self._is_failing = True
        else:
            self._is_failing = False
            return is_more
        return False

    def _is_due(self) -> bool:
        """Whether there are changes to match, and nobody else is at it."""
        with self._database.read() as connection:
            newest = changes.latest(connection)
            cursor = connection.execute(select(alert_cursor.c.seq)).scalar_one()
        now = self._clock.monotonic()
        if cursor != self._seen:
            self._seen, self._moved_at = cursor, now
        if cursor >= newest:
            self._moved_at = now
            return False
        return not self._stands_by or now - self._moved_at >= _PATIENCE_S


def _move_cursor(connection: Connection, matched: Matched) -> bool:
    """Whether the cursor stood where it was; nobody else moves it then before this transaction ends."""
    moved = update(alert_cursor).where(alert_cursor.c.seq == matched.after_seq)
    moved = moved.values(seq=matched.up_to_seq, matched=alert_cursor.c.matched + matched.changes)
    return connection.execute(moved.returning(alert_cursor.c.seq)).one_or_none() is not None


def _write(connection: Connection, matched: Matched, clock: Clock) -> None:
    if not matched.tellings:
        return
    now = clock.now()
    windows = Windows(connection, matched.tellings, now)
    at_once = [delivery_row(one, now) for one in matched.tellings if windows.is_told_at_once(one)]
    if at_once:
        connection.execute(insert(delivery), at_once)
    windows.write()
    connection.execute(
        insert(told),
        [
            {"event": one.event, "subscription": one.subscription.id, "moment": one.moment.value}
            for one in matched.tellings
        ],
    )
