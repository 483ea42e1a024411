"""What it costs to put a look on record before it is shown."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import perf_counter, sleep
from typing import Any, Final

import numpy as np

from core.access import MACHINE
from core.clock import Clock
from registry.audit.entry import Act, Actor, Entry
from registry.audit.looks import GroupedLooks
from registry.audit.seals import end_of_chain
from registry.db import Database

from .stage import Figure

THREADS: Final = 16
GOAL_MS: Final = 5.0
_EACH: Final = 100
_PACE_S: Final = 0.1


def audit_cost(database: Database, clock: Clock, *, each: int = _EACH) -> list[Figure]:
    """What a look costs with and without its row, by 16 threads at once, which take turns at both: one look of each in
    a tenth of a second, and as fast as they can. `added_p95_ms` of the first has the goal."""
    looks = GroupedLooks(database)
    looks.start()
    try:
        figures = []
        for name, pace_s, goal in (("160 looks a second", _PACE_S, GOAL_MS), ("as fast as can be", 0.0, None)):
            bare, recorded = _measured(database, looks, clock, each, pace_s)
            groups = looks.counts.groups
            added = {what: round(recorded[what] - bare[what], 2) for what in bare}
            values = {
                "runs": THREADS * each,
                **added,
                **{f"bare_{what}": value for what, value in bare.items()},
                **{f"recorded_{what}": value for what, value in recorded.items()},
                "groups": groups,
            }
            told = "" if goal is None else f"p95 at most {goal:g} ms more"
            is_reached = None if goal is None else added["p95_ms"] <= goal
            figures.append(Figure(f"a look on record, added: {name}", values, told, is_reached))
        return figures
    finally:
        looks.stop(10)


def _measured(
    database: Database, looks: GroupedLooks, clock: Clock, each: int, pace_s: float
) -> tuple[dict[str, float], dict[str, float]]:
    together = Barrier(THREADS)

    def ask(thread: int) -> list[tuple[float, float]]:
        together.wait()
        sleep(pace_s * thread / THREADS)
        lasted = []
        for n in range(each):
            entry = _entry(clock, f"{thread}.{n}")
            bare = _timed(partial(_look, database))
            recorded = _timed(partial(_look_on_record, database, looks, entry))
            lasted.append((bare, recorded))
            sleep(max(0.0, pace_s - bare - recorded))
        return lasted

    with ThreadPoolExecutor(THREADS) as pool:
        found = np.array([pair for pairs in pool.map(ask, range(THREADS)) for pair in pairs]) * 1000
    return _figures(found[:, 0]), _figures(found[:, 1])


def _look_on_record(database: Database, looks: GroupedLooks, entry: Entry) -> None:
    looks.record(entry)
    _look(database)


def _look(database: Database) -> None:
    """Something that is read and shown."""
    with database.read() as connection:
        end_of_chain(connection)


def _entry(clock: Clock, name: str) -> Entry:
    return Entry(
        at=clock.now(),
        act=Act.LOOK_AT_CLIP,
        actor=Actor.of(MACHINE),
        address="",
        object_kind="event",
        object=name,
        departments=frozenset(),
        detail={"benchmark": True},
    )


def _timed(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def _figures(milliseconds: Any) -> dict[str, float]:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "max_ms": round(float(milliseconds.max()), 2),
    }
