"""Puts looks on record before anything is shown: all that wait at a time go into one transaction."""

import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Protocol, TypeVar

from core.errors import SharpEyesError, Unavailable

from ..db import Database
from .entry import Entry, put_all

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

MOST_REFUSALS: Final = 1_000
"""Refusals that may wait."""
_MOST_IN_A_GROUP: Final = 200
_PATIENCE_S: Final = 30.0
"""Twice what a transaction waits for the database: one for the group that is being written, one for one's own."""
_AGAIN_S: Final = 1.0
_NOT_ON_RECORD: Final = "it cannot be put on record now who looks, so nothing is shown"


@dataclass(frozen=True, slots=True)
class LookCounts:
    """What was put on record since the start."""

    recorded: int = 0
    """Rows, refusals among them."""
    dropped: int = 0
    """Refusals that found no room, or could not be recorded."""
    groups: int = 0
    """Transactions that this took."""
    waited_s: float = 0.0
    """How long what was ready to be shown waited for the rows of its looks, in all."""


class Looks(Protocol):
    """Where looks go. Any thread, but none may wait for it that holds a transaction: on SQLite it would wait for
    itself. `recording` may begin while something is read, and must not end before that has ended."""

    @property
    def counts(self) -> LookCounts:
        """What was put on record since the start."""

    def recording(self, entry: Entry) -> AbstractContextManager[None]:
        """Put `entry` on record while what is shown is made ready: it is on record at the end of the block. Raises
        `Unavailable` where it cannot be: then nothing is shown."""

    def record(self, entry: Entry) -> None:
        """Return once `entry` is on record. Raises `Unavailable` where it cannot be: then nothing is shown."""

    def submit(self, entry: Entry) -> None:
        """Put `entry` on record soon, without waiting: for refusals, which show nothing. Raises nothing."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A look that waits for its row."""

    entry: Entry
    is_over: threading.Event = field(default_factory=threading.Event)
    fault: BaseException | None = None

    def end(self, fault: BaseException | None = None) -> None:
        self.fault = fault
        self.is_over.set()


class GroupedLooks:
    """`Looks` with one thread that writes: whatever came while it wrote goes into its next transaction, together."""

    def __init__(self, database: Database, *, most_refusals: int = MOST_REFUSALS) -> None:
        self._database = database
        self._most_refusals = most_refusals
        self._wake = threading.Condition()
        # No longer than there are threads that look.
        self._looks: deque[_Waiting] = deque()
        self._refusals: deque[Entry] = deque()
        self._being_written = 0
        self._is_running = False
        self._is_full = False
        self._counts = LookCounts()
        self._thread = threading.Thread(target=self._run, name="looks", daemon=True)

    @property
    def counts(self) -> LookCounts:
        """See `Looks.counts`."""
        with self._wake:
            return self._counts

    @property
    def waiting(self) -> int:
        """Looks and refusals that are not on record yet."""
        with self._wake:
            return len(self._looks) + len(self._refusals) + self._being_written

    def start(self) -> None:
        """Begin to write."""
        self._is_running = True
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Take no more, and wait up to `timeout_s` seconds until what waits is on record."""
        with self._wake:
            self._is_running = False
            self._wake.notify()
        self._thread.join(timeout_s)

    @contextmanager
    def recording(self, entry: Entry) -> Iterator[None]:
        """See `Looks.recording`."""
        waiting = _Waiting(entry)
        with self._wake:
            if not self._is_running:
                raise Unavailable(_NOT_ON_RECORD, hint="the server is stopping")
            self._looks.append(waiting)
            self._wake.notify()
        yield
        self._wait_for(waiting)

    def record(self, entry: Entry) -> None:
        """See `Looks.record`."""
        with self.recording(entry):
            pass

    def _wait_for(self, waiting: _Waiting) -> None:
        began = perf_counter()
        in_time = waiting.is_over.wait(_PATIENCE_S)
        with self._wake:
            self._count(waited_s=perf_counter() - began)
            if not in_time and waiting in self._looks:
                self._looks.remove(waiting)
        if not in_time:
            raise Unavailable(_NOT_ON_RECORD, hint="the database takes too long")
        if isinstance(waiting.fault, SharpEyesError):
            told = getattr(waiting.fault, "told", None)
            raise Unavailable(
                f"{_NOT_ON_RECORD}: {waiting.fault.message}",
                hint=waiting.fault.hint,
                told=None if told is None else f"{_NOT_ON_RECORD}: {told}",
            )
        if waiting.fault is not None:
            raise waiting.fault

    def submit(self, entry: Entry) -> None:
        """See `Looks.submit`."""
        with self._wake:
            if len(self._refusals) < self._most_refusals and self._is_running:
                self._refusals.append(entry)
                self._wake.notify()
                return
            self._count(dropped=1)
            if self._is_full:
                return
            self._is_full = True
        _log.error("refusals come faster than they can be put on record: some are counted alone")

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._looks or self._refusals) and self._is_running:
                    self._wake.wait()
                if not (self._looks or self._refusals):
                    return
                looks = _taken(self._looks)
                refusals = _taken(self._refusals)
                self._being_written = len(looks) + len(refusals)
            is_written = self._write(looks, refusals)
            with self._wake:
                self._being_written = 0
                if not is_written:
                    self._keep(refusals)
                    # Looks are told at once that it cannot be done; refusals wait for better times.
                    if self._is_running and not self._looks:
                        self._wake.wait(_AGAIN_S)
                elif len(self._refusals) < self._most_refusals:
                    self._is_full = False

    def _write(self, looks: Sequence[_Waiting], refusals: Sequence[Entry]) -> bool:
        """Write all in one transaction; whether the database took it. What it takes from nobody is left out."""
        try:
            self._commit([*(one.entry for one in looks), *refusals])
        except SharpEyesError as error:
            for one in looks:
                one.end(error)
            if not looks:
                _log.error("refusals wait to be put on record: %s", error.message)
            return False
        except Exception:
            # Something is wrong with one of them, and not with the database: the others must not suffer.
            self._write_each(looks, refusals)
        else:
            for one in looks:
                one.end()
        return True

    def _write_each(self, looks: Sequence[_Waiting], refusals: Sequence[Entry]) -> None:
        for one in looks:
            try:
                self._commit([one.entry])
            except Exception as error:
                _log.exception("a look could not be put on record")
                one.end(error)
            else:
                one.end()
        for entry in refusals:
            try:
                self._commit([entry])
            except Exception:
                _log.exception("a refusal could not be put on record")
                with self._wake:
                    self._count(dropped=1)

    def _commit(self, entries: Sequence[Entry]) -> None:
        with self._database.write_at_once() as connection:
            put_all(connection, entries)
        with self._wake:
            self._count(recorded=len(entries), groups=1)

    def _keep(self, refusals: Sequence[Entry]) -> None:
        """Put refusals back that could not be written; at the end they are lost."""
        room = self._most_refusals - len(self._refusals) if self._is_running else 0
        kept, lost = refusals[:room], refusals[room:]
        self._refusals.extendleft(reversed(kept))
        if lost:
            self._count(dropped=len(lost))
            _log.error("%d refusals could not be put on record", len(lost))

    def _count(self, *, recorded: int = 0, dropped: int = 0, groups: int = 0, waited_s: float = 0.0) -> None:
        known = self._counts
        self._counts = LookCounts(
            recorded=known.recorded + recorded,
            dropped=known.dropped + dropped,
            groups=known.groups + groups,
            waited_s=known.waited_s + waited_s,
        )


def _taken(waiting: deque[_T]) -> list[_T]:
    """As many of those that wait as one transaction takes; they wait no more."""
    return [waiting.popleft() for _ in range(min(len(waiting), _MOST_IN_A_GROUP))]
