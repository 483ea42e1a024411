"""Removes what is over its time, and makes room: in threads of its own, one worker at a time."""

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError
from events.retention import usage
from events.retention.caution import Caution
from events.retention.disk_room import DiskRoom
from events.retention.media_removal import Reason, count_marked
from events.retention.passes import Passes
from events.retention.quota_room import QuotaRoom
from registry.db import Database

_log = logging.getLogger(__name__)

PASS_EVERY_S: Final = 3600.0
_TRACKS_EVERY_S: Final = 60.0
_FIRST_PASS_S: Final = 60.0
"""So long after the start: whatever else begins comes first."""
_DISK_EVERY_S: Final = 2.0
_STOP_S: Final = 2.0
_NICE: Final = 10


class RetentionKeeper:
    """Watches the disk every two seconds and does a pass every hour, from `start` to `stop`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        passes: Passes,
        caution: Caution,
        quota: QuotaRoom,
        disk: DiskRoom | None,
        is_mine: Callable[[], bool],
    ) -> None:
        """`disk`: None where media lie in a store that is not on this machine. `is_mine`: whether it is for this worker
        to do it now; it may raise `Unavailable`."""
        self._database = database
        self._clock = clock
        self._passes = passes
        self._caution = caution
        self._quota = quota
        self._disk = disk
        self._is_mine = is_mine
        self._stopping = Flag()
        self._threads = [Thread(target=self._run, name="retention", daemon=True)]
        if disk is not None:
            self._threads.append(Thread(target=self._watch_disk, args=(disk,), name="disk-room", daemon=True))
        self.last_pass_at: float = 0.0
        """When the last whole pass was over, in seconds since 1970; 0: none was yet."""
        self._failing: dict[str, str] = {}

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Remove no more; what is half-done is finished by the next worker."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_STOP_S)

    @property
    def marked(self) -> int:
        """How many media are marked and still there; 0 where nobody can say."""
        try:
            with self._database.read() as connection:
                return count_marked(connection)
        except SharpEyesError:
            return 0

    def _run(self) -> None:
        _be_nice()
        pass_at = self._clock.monotonic() + _FIRST_PASS_S
        while not self._clock.sleep(_TRACKS_EVERY_S, self._stopping):
            is_due = self._clock.monotonic() >= pass_at
            if self._attempt("what is over its time", self._pass if is_due else self._tracks) and is_due:
                pass_at = self._clock.monotonic() + PASS_EVERY_S

    def _watch_disk(self, disk: DiskRoom) -> None:
        _be_nice()
        while not self._clock.sleep(_DISK_EVERY_S, self._stopping):
            self._attempt("room on the disk", lambda: disk.look(self._stopping))

    def _tracks(self) -> None:
        if not self._caution.lasts():
            self._passes.prune_tracks(self._stopping)

    def _pass(self) -> None:
        if self._caution.lasts():
            self._passes.finish(self._stopping)
        else:
            self._passes.prune_tracks(self._stopping)
            self._passes.run(self._stopping)
        if usage.count(self._database, self._clock, self._stopping):
            self._quota.look(self._stopping)
        if not self._stopping.is_set():
            self.last_pass_at = self._clock.now().timestamp()

    def _attempt(self, what: str, do: Callable[[], object]) -> bool:
        """Whether it was done, where it is ours to do. What fails is told once, until it fails otherwise."""
        try:
            if not self._is_mine():
                return False
            do()
        except (SharpEyesError, OSError) as error:
            why = error.message if isinstance(error, SharpEyesError) else str(error)
            if self._failing.get(what) != why:
                _log.warning("%s: it cannot be seen to now, and is tried again: %s", what, why)
            self._failing[what] = why
            return False
        except Exception:
            # Nothing of this is worth the end of the worker.
            _log.exception("%s: it cannot be seen to now, and is tried again", what)
            return False
        self._failing.pop(what, None)
        return True


class RemovedCounts:
    """How much has gone since the start, by medium and by reason. Any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_medium: Counter[str] = Counter()
        self._by_reason: Counter[str] = Counter({reason.value: 0 for reason in Reason})
        self._bytes = 0

    def add(self, medium: str, reason: Reason, count: int, size: int) -> None:
        with self._lock:
            self._by_medium[medium] += count
            self._by_reason[reason.value] += count
            self._bytes += size

    @property
    def bytes(self) -> int:
        return self._bytes

    def by_medium(self) -> dict[str, float]:
        with self._lock:
            return dict(self._by_medium)

    def by_reason(self) -> dict[str, float]:
        with self._lock:
            return dict(self._by_reason)


def _be_nice() -> None:
    """Let all other threads of the machine go first, this one alone stepping back."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
