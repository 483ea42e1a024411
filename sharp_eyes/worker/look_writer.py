"""From the looks to the database: the track log, and how many crossed which line.

Neither is worth a wait of the loop, nor a transaction a look: both are gathered, and written every ten seconds.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from core.clock import Clock
from core.crossing import Crossing
from core.errors import SharpEyesError
from core.ids import CameraId
from core.track import Track
from events.flows import count
from events.tracks import log
from registry.db import Database

from .flow_tally import FlowTally
from .track_pages import TrackPages

_log = logging.getLogger(__name__)

WRITE_EVERY_S: Final = 10.0
"""So much is lost at most when the worker is killed."""
MOST_GATHERED: Final = 100_000
"""Looks, and tracks of looks, that wait to be packed: a second of them is usual. Past that looks go unlogged."""
_GATHER_EVERY_S: Final = 1.0
_AT_ONCE: Final = 32
"""Minutes written in one transaction: some hundred kB."""
_SUMS_AT_ONCE: Final = 500


_Heard = tuple[CameraId, int, datetime, Sequence[Track], Sequence[Crossing]]
"""What is kept of a look, with its camera's lease epoch: no picture."""


class LookWriter:
    """`looked` is called by the inference threads and never waits; all else happens in a thread of its own.

    While the database is away, minutes of the log wait within 32 MB, and sums of crossings up to 50,000; what finds no
    room is counted.
    """

    def __init__(self, database: Database, clock: Clock, track_log_h: int) -> None:
        """`track_log_h`: for how many hours tracks are kept; 0: none are logged. What is old retention removes."""
        self._database = database
        self._clock = clock
        self._is_logging = track_log_h > 0
        self._pages = TrackPages()
        self._tally = FlowTally()
        self._runs: dict[CameraId, int] = {}
        self._heard: list[_Heard] = []
        self._weight = 0
        self._overheard = 0
        self._lock = Lock()
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="look-writer", daemon=True)
        self.failing: str | None = None
        """Why nothing is written, while nothing is."""

    @property
    def looks_lost(self) -> int:
        """Looks that found no room, neither in the log nor in the flows."""
        return self._overheard + self._pages.lost

    @property
    def crossings_lost(self) -> int:
        return self._tally.lost

    @property
    def waiting_bytes(self) -> int:
        """Of minutes that are over and not stored yet."""
        return self._pages.waiting_bytes

    def begin(self, camera: CameraId, epoch: int) -> None:
        """Log the looks at `camera` under this lease epoch from now on. Any thread."""
        self._runs[camera] = epoch

    def looked(self, camera: CameraId, at: datetime, tracks: Sequence[Track], crossings: Sequence[Crossing]) -> None:
        """Take in a look. Any thread."""
        run = self._runs.get(camera)
        if run is None:
            return
        with self._lock:
            if self._weight >= MOST_GATHERED:
                self._overheard += 1
                return
            self._weight += 1 + len(tracks)
            self._heard.append((camera, run, at, tracks, crossings))

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Write what was gathered, then end; what cannot be written within `timeout_s` seconds is lost."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def gather(self) -> None:
        """Pack what was heard since the last call. For the writer's thread."""
        with self._lock:
            heard, self._heard, self._weight = self._heard, [], 0
        for camera, run, at, tracks, crossings in heard:
            self._tally.add(camera, crossings)
            if self._is_logging:
                self._pages.add(camera, run, at, tracks)

    def write(self) -> None:
        """Store what is new; what the database does not take now waits. For the same thread."""
        try:
            while sums := self._tally.batch(_SUMS_AT_ONCE):
                (self._tally.stored if self._store(count.add, sums) else self._tally.refused)(sums)
            while parts := self._pages.batch(_AT_ONCE):
                (self._pages.stored if self._store(log.write_parts, parts) else self._pages.refused)(parts)
        except SharpEyesError as error:
            if self.failing != error.message:
                _log.warning("tracks and flows wait for the database: %s", error.message)
            self.failing = error.message
        else:
            self.failing = None
        self._pages.let_go(self._clock.now())

    def _store(self, write: Callable[..., None], batch: object) -> bool:
        """False where the database will never take it: it must not hold up the others. Raises `Unavailable`."""
        try:
            with self._database.write() as connection:
                write(connection, batch)
        except SharpEyesError:
            raise
        except Exception:
            _log.exception("the database does not take a batch of tracks or flows; it is dropped")
            return False
        return True

    def _run(self) -> None:
        write_at = self._clock.monotonic() + WRITE_EVERY_S
        while not self._stopping.is_set():
            self._clock.sleep(_GATHER_EVERY_S, self._stopping)
            is_due = self._clock.monotonic() >= write_at
            self._work(is_due=is_due)
            if is_due:
                write_at = self._clock.monotonic() + WRITE_EVERY_S
        self._work(is_due=True)

    def _work(self, *, is_due: bool) -> None:
        try:
            self.gather()
            if is_due:
                self.write()
        except Exception:
            # A fault of one look must not end the log of all others.
            _log.exception("tracks and flows could not be written")
