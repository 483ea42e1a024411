"""Leases of a whole city: what they cost while nothing happens, and how long it takes until a dead worker is replaced.

The workers are simulated: each renews, glances and reports as a real one does, but reads no stream. The dealing is the
real one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from core.camera import StreamId
from core.clock import Clock, SystemClock
from core.errors import Unavailable
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus
from registry import leases, worker_reports, workers
from registry.db import Database
from registry.deal_plan import loads_of, plan
from registry.server_clock import server_time
from registry.workers import WorkerId

from ...worker.dealing import Dealing
from ...worker.heart import BEAT_S
from .stage import Figure, Stage

_WORKERS: Final = 200
_THREADS: Final = 6
_GLANCE_S: Final = 0.5
_REPORT_S: Final = 5.0
_COUNTERS: Final = StreamCounters(1, 90_000, 120_000_000, 90_000, 0, 18_000, {"still": 60_000})
_QUIET_S: Final = 20.0
_PATIENCE_S: Final = 120.0


@dataclass(slots=True)
class _Fellow:
    """A simulated worker."""

    number: WorkerId
    statuses: list[StreamStatus] = field(default_factory=list)
    dealt: int = -1
    beat_due: float = 0.0
    glance_due: float = 0.0
    report_due: float = 0.0
    beat_at: float = 0.0
    is_silent: bool = False


class _Crew:
    """All simulated workers, kept alive by a few threads."""

    def __init__(self, database: Database, clock: Clock, fellows: Sequence[_Fellow]) -> None:
        self._database = database
        self._clock = clock
        self.fellows = fellows
        self._lock = Lock()
        self._stop = Flag()
        self._threads = [Thread(target=self._run, args=(fellows[n::_THREADS],), daemon=True) for n in range(_THREADS)]
        self._began = clock.monotonic()
        self.writes = 0
        self.most_late_s = 0.0

    @property
    def worker(self) -> WorkerId:
        """The eldest, who deals."""
        return self.fellows[0].number

    @property
    def steady_s(self) -> float:
        return self._clock.monotonic() - self._began

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self, mine: Sequence[_Fellow]) -> None:
        while not self._stop.is_set():
            for one in mine:
                if not one.is_silent:
                    self._beat_if_due(one)
            self._glance(mine)
            self._clock.sleep(0.02, self._stop)

    def _beat_if_due(self, one: _Fellow) -> None:
        now = self._clock.monotonic()
        if now >= one.beat_due:
            with self._database.write() as connection:
                leases.renew(connection, one.number)
            late_s = self._clock.monotonic() - one.beat_at - BEAT_S if one.beat_at else 0.0
            one.beat_at, one.beat_due = self._clock.monotonic(), now + BEAT_S
            self._count(late_s)
        if now >= one.report_due and one.statuses:
            one.report_due = now + _REPORT_S
            with self._database.write() as connection:
                worker_reports.put(connection, one.number, one.statuses, server_time(connection))
            self._count(0.0)

    def _glance(self, mine: Sequence[_Fellow]) -> None:
        """The database is asked as often as by real workers, by fewer connections."""
        now = self._clock.monotonic()
        due = [one for one in mine if now >= one.glance_due and not one.is_silent]
        if not due:
            return
        with self._database.read() as connection:
            for one in due:
                one.glance_due = now + _GLANCE_S
                seen = leases.glance(connection, one.number)
                if seen.dealt is not None and seen.dealt != one.dealt:
                    one.dealt, one.statuses = seen.dealt, self._statuses(leases.held(connection, one.number))

    def _statuses(self, held: Iterable[CameraId]) -> list[StreamStatus]:
        at = self._clock.now()
        return [
            StreamStatus(camera, StreamId(camera), StreamState.LIVE, at, "pictures arrive", _COUNTERS)
            for camera in sorted(held)
        ]

    def _count(self, late_s: float) -> None:
        with self._lock:
            self.writes += 1
            self.most_late_s = max(self.most_late_s, late_s)


def leased(stage: Stage) -> list[Figure]:
    """Leases all cameras to 200 workers, counts what they write while nothing happens, and lets one fall silent.

    The leases are let go at the end. Raises `Unavailable` where something takes minutes that should take seconds.
    """
    database, clock, steps = stage.database, SystemClock(), 3
    with _crew(database, clock) as crew:
        crew.start()
        dealing = Dealing(database, crew, clock)
        began = clock.monotonic()
        dealing.start()
        try:
            stage.tell(f"leases: giving the cameras to {_WORKERS} workers", 0, steps)
            cameras = _settled(database, clock)
            dealt_ms = 1000 * (clock.monotonic() - began)
            stage.tell("leases: nothing happens", 1, steps)
            clock.sleep(_REPORT_S)
            writes, since, crew.most_late_s = crew.writes, clock.monotonic(), 0.0
            clock.sleep(_QUIET_S)
            per_second = (crew.writes - writes) / (clock.monotonic() - since)
            late_ms = 1000 * crew.most_late_s
            stage.tell("leases: a worker falls silent", 2, steps)
            silent_ms = 1000 * _silence(database, clock, crew.fellows[-1])
        finally:
            dealing.stop()
            crew.stop()
    return [
        Figure(f"leases: {cameras} cameras given to {_WORKERS} workers", _once(dealt_ms)),
        Figure("leases: writes while nothing happens", {"per_second": round(per_second, 1)}, most_per_second=200.0),
        Figure("leases: how late a renewal came at most", _once(late_ms)),
        Figure("leases: a silent worker's cameras are with others", _once(silent_ms), 10_000.0),
    ]


def _once(milliseconds: float) -> dict[str, float]:
    return {"runs": 1, "p95_ms": round(milliseconds, 1), "max_ms": round(milliseconds, 1)}


@contextmanager
def _crew(database: Database, clock: Clock) -> Iterator[_Crew]:
    with database.write() as connection:
        at = server_time(connection)
        fellows = [
            _Fellow(workers.register(connection, pid=0, at=at, port=1, token=f"simulated {n}").id)
            for n in range(_WORKERS)
        ]
    try:
        yield _Crew(database, clock, fellows)
    finally:
        for one in fellows:
            with database.write() as connection:
                leases.release(connection, one.number)


def _settled(database: Database, clock: Clock) -> int:
    """Wait until nothing is left to deal. How many cameras the workers have."""
    deadline = clock.monotonic() + _PATIENCE_S
    while clock.monotonic() < deadline:
        with database.read() as connection:
            if not plan(connection, may_take_over=True).moves:
                loads = loads_of(connection, workers.list_workers(connection))
                return sum(load.cameras for load in loads.values())
        clock.sleep(0.5)
    raise Unavailable(f"the cameras were not dealt within {_PATIENCE_S:.0f} s", hint="is something else running here?")


def _silence(database: Database, clock: Clock, one: _Fellow) -> float:
    one.is_silent = True
    deadline = clock.monotonic() + _PATIENCE_S
    while clock.monotonic() < deadline:
        if not _held(database, one.number):
            return clock.monotonic() - one.beat_at
        clock.sleep(0.05)
    raise Unavailable(f"the cameras of a silent worker were not taken over within {_PATIENCE_S:.0f} s")


def _held(database: Database, number: WorkerId) -> Sequence[CameraId]:
    with database.read() as connection:
        return list(leases.held(connection, number))
