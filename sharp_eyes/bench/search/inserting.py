"""The part that writes events as fast as it can, into the filled database."""

from dataclasses import dataclass
from time import perf_counter, process_time, time_ns
from typing import Final

from core.clock import SystemClock
from core.errors import SharpEyesError
from events.index.outcome import Fate
from events.index.write import write_events
from registry.db import Database

from .happenings import Happenings, watched

GOAL_PER_S: Final = 5_000
BATCH: Final = 1_000
MOST_INSERTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Inserts:
    """How fast events were written."""

    events: int
    per_s: float
    work_us: float
    """What this process worked for an event, in microseconds; a server of the database does its part beside it."""

    @property
    def is_reached(self) -> bool:
        """Whether the goal is."""
        return self.per_s >= GOAL_PER_S


def measure_inserts(database: Database, seed: int, events: int) -> Inserts:
    """Write about `events` events, 1,000 in a transaction, with all that goes with them: indexes, changes, tallies.

    Raises `SharpEyesError` where one of them is not accepted.
    """
    with watched(database) as patterns:
        happenings = Happenings(patterns, seed, first=time_ns() // 1_000)
        now = SystemClock().now()
        batches = [happenings.make(BATCH, now) for _ in range(max(1, events // BATCH))]
        began, worked = perf_counter(), process_time()
        for batch in batches:
            with database.write() as connection:
                outcomes = write_events(connection, batch)
            if any(one.fate not in (Fate.NEW, Fate.JOINED, Fate.NEWER) for one in outcomes):
                raise SharpEyesError(f"events were not accepted, such as {outcomes[:3]}")
        lasted, worked = perf_counter() - began, process_time() - worked
    written = len(batches) * BATCH
    return Inserts(written, round(written / lasted, 1), round(worked * 1e6 / written, 1))
