"""From the rule books to the database: an event counts once it is on disk, and is told of once it is on record."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Condition, Thread
from threading import Event as Flag
from typing import Final, assert_never

from core.clock import Clock
from core.errors import SharpEyesError, Unavailable
from core.event import Event, Origin
from core.ids import CameraId
from events.index.outcome import Fate
from events.media.records import WAITED_TOO_LONG
from events.spool import Spool
from events.storing import MOST_AT_ONCE, REST_S, store
from registry.db import Database

_log = logging.getLogger(__name__)

Key = tuple[CameraId, Origin]

_FIRST: Final = frozenset({Fate.NEW, Fate.JOINED, Fate.FENCED})

MOST_WAITING: Final = 50_000
"""Events that may wait in memory for a database that is away and a disk that is full; each with its newest version."""
_RETRY_FIRST_S: Final = 0.2
_RETRY_LIMIT_S: Final = 5.0
_PATIENCE_S: Final = 2.0
"""A database that takes longer than this is taken to be away: it may hang for minutes before it fails."""
_LOOK_S: Final = 0.2
_LATE: Final = timedelta(seconds=20)
"""What began so long before it is on record has no clip: the ring does not reach back so far."""


class EventWriter:
    """Writes events in the order they came, as soon as there is one and it has rested a little.

    What the database does not take goes to the spool, each event with its newest version, and from there to the
    database, before anything newer. Only where the spool has no room either do events wait in memory; past
    `most_waiting` new ones are lost and counted, while those on record still get their end.
    """

    def __init__(
        self,
        database: Database,
        spool: Spool,
        clock: Clock,
        on_committed: Callable[[Event, bool, bool], None],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """`on_committed` is called in the writer's thread with the event as stored (its id may have moved), whether it
        was never committed before, and whether it is late or stands within another event: then nothing is missing where
        it has no media of its own."""
        self._database = database
        self._spool = spool
        self._clock = clock
        self._on_committed = on_committed
        self._most_waiting = most_waiting
        self._waiting: dict[Key, Event] = {}
        self._counted: set[Key] = set()
        """Events that have not ended of which it is known what became of them, so that each is counted once."""
        self._in_doubt: set[Key] = set()
        """Events of which nobody knows whether they were committed when the connection broke."""
        self._without_room: set[Key] = set()
        """New events that found no room; a later version may find some."""
        self._lost = 0
        self._wake = Condition()
        self._stopping = Flag()
        self._ended = Flag()
        self._give_up_at = float("inf")
        self._busy_since: float | None = None
        self._writer = Thread(target=self._run, name="event-writer", daemon=True)
        self._keeper = Thread(target=self._keep_watch, name="event-keeper", daemon=True)
        self.committed = 0
        """Versions committed."""
        self.fenced = 0
        """Events that were not accepted, since another worker watched their cameras when they started."""
        self.failing: str | None = None
        """Why events wait, while they do."""

    @property
    def waiting(self) -> int:
        """Events that are neither in the database nor in the spool yet."""
        return len(self._waiting)

    @property
    def spooled(self) -> int:
        """Events that are in the spool, and in the database in no version."""
        return self._spool.new

    @property
    def lost(self) -> int:
        """Events that found no room, or that the database refuses."""
        return self._lost + len(self._without_room)

    def start(self) -> None:
        self._writer.start()
        self._keeper.start()

    def offer(self, events: Sequence[Event]) -> None:
        """Take versions to be written. Any thread; never blocks."""
        if not events:
            return
        with self._wake:
            for event in events:
                key = _key(event)
                if key not in self._waiting and key not in self._counted and len(self._waiting) >= self._most_waiting:
                    self._turn_away(event)
                    continue
                self._without_room.discard(key)
                self._waiting[key] = event
            self._wake.notify()

    def stop(self, timeout_s: float) -> None:
        """Write what waits, then end; what the database does not take within `timeout_s` seconds goes to the spool."""
        with self._wake:
            self._give_up_at = self._clock.monotonic() + timeout_s
            self._stopping.set()
            self._wake.notify()
        self._writer.join(timeout_s)
        self._ended.set()
        self._keeper.join(timeout_s)
        if self._waiting and not self._keep():
            _log.error("%d events could not be written before the stop: %s", len(self._waiting), self.failing)
        if len(self._spool):
            _log.warning("%d events wait in the spool for the next start", len(self._spool))

    def _turn_away(self, event: Event) -> None:
        """An event without room is lost where it ends so. (One of which the spool has an older version is not.)"""
        key = _key(event)
        if event.version > 1 and key not in self._without_room:
            return
        if event.ended_at is None:
            self._without_room.add(key)
        else:
            self._without_room.discard(key)
            self._lost += 1

    def _run(self) -> None:
        retry_s = _RETRY_FIRST_S
        while self._wait_for_work():
            self._busy_since = self._clock.monotonic()
            try:
                self._write()
            except Unavailable as error:
                if self.failing != error.message:
                    _log.warning("events wait for the database: %s", error.message)
                self.failing = error.message
                if self._gives_up():
                    return
                self._wait(retry_s)
                retry_s = min(retry_s * 2, _RETRY_LIMIT_S)
            else:
                self.failing, retry_s = None, _RETRY_FIRST_S
                self._busy_since = None
                self._clock.sleep(REST_S, self._stopping)
            finally:
                self._busy_since = None

    def _wait_for_work(self) -> bool:
        """Whether there is something to write, and time left for it."""
        with self._wake:
            while not self._waiting and not len(self._spool) and not self._stopping.is_set():
                self._wake.wait()
            return bool(self._waiting or len(self._spool)) and self._clock.monotonic() < self._give_up_at

    def _gives_up(self) -> bool:
        """At the stop: whether all is in the spool, or there is no time left."""
        return self._stopping.is_set() and (self._keep() or self._clock.monotonic() >= self._give_up_at)

    def _wait(self, seconds: float) -> None:
        """Before the next attempt; at the stop there is no time to wait for long."""
        if self._stopping.is_set():
            self._clock.sleep(_RETRY_FIRST_S)
        else:
            self._clock.sleep(seconds, self._stopping)

    def _write(self) -> None:
        """One batch: from the spool, as long as there is anything in it."""
        spooled = self._first_spooled()
        events = spooled or self._first_waiting()
        if not events:
            return
        late = {_key(event) for event in spooled if self._clock.now() - event.started_at > _LATE}
        try:
            stored = store(
                self._database,
                events,
                self._refuse,
                lambda event: WAITED_TOO_LONG if _key(event) in late else None,
            )
        except Unavailable:
            self._in_doubt.update(key for event in events if (key := _key(event)) not in self._counted)
            raise
        self._forget(events)
        for event, fate in stored:
            self._count(event, fate, is_late=_key(event) in late)
        if len(self._spool):  # What came from memory may have been kept there, too, because it took so long.
            self._spool.remove(events)

    def _first_spooled(self) -> list[Event]:
        if not len(self._spool):
            return []
        try:
            return self._spool.next(MOST_AT_ONCE)
        except Unavailable:
            if not self._waiting:
                raise
            return []  # A disk that fails must not keep the database from what waits in memory.

    def _first_waiting(self) -> list[Event]:
        with self._wake:
            return [self._waiting[key] for key in list(self._waiting)[:MOST_AT_ONCE]]

    def _forget(self, events: Sequence[Event]) -> None:
        with self._wake:
            for event in events:
                # A newer version may have come while this one was written.
                if self._waiting.get(_key(event)) is event:
                    del self._waiting[_key(event)]

    def _count(self, event: Event, fate: Fate, *, is_late: bool) -> None:
        key = _key(event)
        is_first = key not in self._counted and (fate in _FIRST or key in self._in_doubt)
        self._in_doubt.discard(key)
        match fate:
            case Fate.FENCED:
                self.fenced += is_first
            case Fate.JOINED:
                self.committed += 1
                self._tell(event, is_first, True)
            case Fate.NEW | Fate.NEWER | Fate.KNOWN:
                self.committed += 1
                self._tell(event, is_first, is_late)
            case _:
                assert_never(fate)
        self._remember(event)

    def _tell(self, event: Event, is_first: bool, is_late: bool) -> None:
        try:
            self._on_committed(event, is_first, is_late)
        except Exception:
            _log.exception("event %d is stored, but what follows from it failed", event.id)

    def _refuse(self, event: Event, reason: str) -> None:
        key = _key(event)
        self._in_doubt.discard(key)
        self._lost += key not in self._counted
        self._remember(event)
        try:
            self._spool.set_aside(event, reason)
        except SharpEyesError as error:
            _log.error("an event of camera %d is dropped, since %s; and %s", event.camera, reason, error.message)

    def _remember(self, event: Event) -> None:
        if event.ended_at is None:
            self._counted.add(_key(event))
        else:
            self._counted.discard(_key(event))

    def _keep_watch(self) -> None:
        """The keeper's thread: puts into the spool what the database does not take, also where it hangs."""
        fault: str | None = None
        while not self._clock.sleep(_LOOK_S, self._ended):
            if not self._waiting or not self._is_away():
                continue
            try:
                self._put_in_spool()
            except Unavailable as error:
                if error.message != fault:
                    _log.error("%d events wait in memory: %s", len(self._waiting), error.message)
                fault = error.message
            else:
                fault = None

    def _is_away(self) -> bool:
        since = self._busy_since
        is_slow = since is not None and self._clock.monotonic() - since > _PATIENCE_S
        return is_slow or self.failing is not None or len(self._spool) > 0

    def _keep(self) -> bool:
        """Whether nothing waits in memory any more."""
        try:
            self._put_in_spool()
        except Unavailable as error:
            _log.error("%d events wait in memory: %s", len(self._waiting), error.message)
        return not self._waiting

    def _put_in_spool(self) -> None:
        with self._wake:
            events = list(self._waiting.values())
        self._spool.put(events, is_known=lambda event: _key(event) in self._counted)
        self._forget(events)
        with self._wake:
            self._wake.notify()


def _key(event: Event) -> Key:
    return event.camera, event.origin
