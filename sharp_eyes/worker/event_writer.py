"""From the rule books to the database: an event counts once it is committed, and is told of only then."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Condition, Thread
from threading import Event as Flag
from typing import Final

from core.clock import Clock
from core.errors import Unavailable
from core.event import Event, Origin
from core.ids import CameraId
from events.index.outcome import Fate
from events.index.write import write_events
from registry.db import Database

_log = logging.getLogger(__name__)

Key = tuple[CameraId, Origin]

MOST_WAITING: Final = 50_000
"""Events that may wait for a database that is away; each waits once, with its newest version."""
MOST_AT_ONCE: Final = 1_000
_RETRY_FIRST_S: Final = 0.2
_RETRY_LIMIT_S: Final = 5.0


class EventWriter:
    """Writes events in the order they came, in one thread, as soon as there is one.

    While the database is away events wait in memory, each with its newest version only (a row that was never written
    needs no history); past `most_waiting` new events are lost and counted, while those on record still get their end.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        on_committed: Callable[[Event, bool], None],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """`on_committed` is called in the writer's thread with the event as stored (its id may have moved), and whether
        it was never committed before."""
        self._database = database
        self._clock = clock
        self._on_committed = on_committed
        self._most_waiting = most_waiting
        self._waiting: dict[Key, Event] = {}
        self._open: set[Key] = set()
        """Events that were committed and have not ended: so that each one's first commit is known."""
        self._wake = Condition()
        self._stopping = Flag()
        self._give_up_at = float("inf")
        self._thread = Thread(target=self._run, name="event-writer", daemon=True)
        self.committed = 0
        """Versions committed."""
        self.lost = 0
        """Events that found no room while the database was away."""
        self.failing: str | None = None
        """Why events wait, while they do."""

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def start(self) -> None:
        self._thread.start()

    def offer(self, events: Sequence[Event]) -> None:
        """Take versions to be written. Any thread; never blocks."""
        if not events:
            return
        with self._wake:
            for event in events:
                key = (event.camera, event.origin)
                is_known = key in self._waiting or key in self._open
                if not is_known and len(self._waiting) >= self._most_waiting:
                    self.lost += event.version == 1
                    continue
                self._waiting[key] = event
            self._wake.notify()

    def stop(self, timeout_s: float) -> None:
        """Write what waits, then end; what cannot be written within `timeout_s` seconds is logged as lost."""
        with self._wake:
            self._give_up_at = self._clock.monotonic() + timeout_s
            self._stopping.set()
            self._wake.notify()
        self._thread.join(timeout_s)
        if self._waiting:
            _log.error("%d events could not be written before the stop: %s", len(self._waiting), self.failing)

    def _run(self) -> None:
        retry_s = _RETRY_FIRST_S
        while (batch := self._next_batch()) is not None:
            try:
                stored = self._write(list(batch.values()))
            except Unavailable as error:
                if self.failing != error.message:
                    _log.warning("%d events wait for the database: %s", len(self._waiting), error.message)
                self.failing = error.message
                if self._clock.monotonic() >= self._give_up_at:
                    return
                self._wait(retry_s)
                retry_s = min(retry_s * 2, _RETRY_LIMIT_S)
                continue
            self._forget(batch)
            self.failing, retry_s = None, _RETRY_FIRST_S
            self._announce(stored)

    def _wait(self, seconds: float) -> None:
        """Before the next attempt; at the stop there is no time to wait for long."""
        if self._stopping.is_set():
            self._clock.sleep(_RETRY_FIRST_S)
        else:
            self._clock.sleep(seconds, self._stopping)

    def _write(self, events: list[Event]) -> list[Event]:
        """`events` as stored. One that the database does not take is dropped alone: it must not hold up the others."""
        try:
            with self._database.write() as connection:
                outcomes = write_events(connection, events)
        except Unavailable:
            raise
        except Exception:
            if len(events) > 1:
                return [stored for event in events for stored in self._write([event])]
            self.lost += 1
            _log.exception("the database does not take an event of camera %d; it is dropped", events[0].camera)
            return []
        return [
            replace(event, id=outcome.id)
            for event, outcome in zip(events, outcomes, strict=True)
            if outcome.fate is not Fate.FENCED
        ]

    def _next_batch(self) -> dict[Key, Event] | None:
        with self._wake:
            while not self._waiting and not self._stopping.is_set():
                self._wake.wait()
            if not self._waiting:
                return None
            keys = list(self._waiting)[:MOST_AT_ONCE]
            return {key: self._waiting[key] for key in keys}

    def _forget(self, batch: dict[Key, Event]) -> None:
        with self._wake:
            for key, event in batch.items():
                # A newer version may have come while this one was written.
                if self._waiting.get(key) is event:
                    del self._waiting[key]

    def _announce(self, stored: Sequence[Event]) -> None:
        for event in stored:
            self.committed += 1
            key = (event.camera, event.origin)
            is_first = key not in self._open
            if event.ended_at is None:
                self._open.add(key)
            else:
                self._open.discard(key)
            try:
                self._on_committed(event, is_first)
            except Exception:
                _log.exception("event %d is stored, but what follows from it failed", event.id)
