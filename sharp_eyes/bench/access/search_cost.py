"""The part that searches events with a thousand grants and without any scope, in turns."""

from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Final

import numpy as np

from core.access import Principal, PrincipalKind, Right, Role
from core.clock import SystemClock
from core.errors import SharpEyesError
from core.ids import CameraId
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.stored import StoredEvent
from registry.reach import EVERYTHING, Reach
from registry.visibility import EventFacts, Visibility

from ...simulate.sharing import camera_numbers, grant_cameras, smallest_department
from .stage import Figure, Stage

GRANTS: Final = 1_000
MOST_ADDED_MS: Final = 2.0
_PAGE: Final = 50
_NAMED: Final = 20
_LABELS: Final = ("person", "boat")
"""One that is seen often, and one that is seen rarely."""


def search_cost(stage: Stage) -> list[Figure]:
    """What the scope of somebody with 1,000 grants, each on a camera anywhere in the city, adds to a search."""
    clock = SystemClock()
    with stage.database.write() as connection:
        numbers = camera_numbers(connection)
        chosen = np.random.default_rng(stage.seed).choice(numbers, min(GRANTS, len(numbers)), replace=False)
        shared = [CameraId(int(number)) for number in np.sort(chosen)]
        home = smallest_department(connection)
        grant_cameras(connection, shared, home, clock.now())
    visibility = Visibility(EventFacts.GRANT, clock)
    asking = Principal(PrincipalKind.KEY, 1, "bench", Role.OPERATOR, home)

    began = perf_counter()
    with stage.database.read() as connection:
        reach = visibility.scope(connection, asking)[Right.EVENTS]
    worked_out = Figure(
        "scope: worked out once", {"ms": _round((perf_counter() - began) * 1000), "grants": len(shared)}
    )

    found, filters = [worked_out], _filters(shared)
    for place, (name, asked) in enumerate(filters.items()):
        stage.tell(f"search: {name}", place, len(filters))
        found += _compare(stage, name, asked, reach, visibility, asking)
    return found


def _compare(
    stage: Stage, name: str, asked: EventFilter, reach: Reach, visibility: Visibility, asking: Principal
) -> list[Figure]:
    def without() -> Sequence[StoredEvent]:
        with stage.database.read() as connection:
            return search(connection, asked, reach=EVERYTHING, limit=_PAGE).items

    def within() -> Sequence[StoredEvent]:
        with stage.database.read() as connection:
            known = visibility.scope(connection, asking)[Right.EVENTS]
            return search(connection, asked, reach=known, limit=_PAGE).items

    for one in within():
        if not reach.has_event(one.event.id, one.event.camera, one.department):
            raise SharpEyesError(f"the search {name!r} shows event {one.event.id}, which is not within reach")
    plain, scoped = _timed_in_turns(without, within, stage.runs)
    added = scoped["p50_ms"] - plain["p50_ms"]
    goal = f"adds <= {MOST_ADDED_MS:g} ms"
    return [
        Figure(f"search: {name}, all", plain),
        Figure(f"search: {name}, in scope", scoped | {"added_ms": _round(added)}, goal, added <= MOST_ADDED_MS),
    ]


def _filters(shared: Sequence[CameraId]) -> dict[str, EventFilter]:
    named = frozenset(shared[:: max(1, len(shared) // _NAMED)][:_NAMED])
    found = {"no filter": EventFilter()}
    found |= {f"label {label}": EventFilter(labels=frozenset({label})) for label in _LABELS}
    return found | {f"{len(named)} cameras": EventFilter(cameras=named)}


def _timed_in_turns(
    one: Callable[[], object], other: Callable[[], object], runs: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Median and 95th percentile of both in milliseconds, measured in turns, and the median of this program's own
    work: a busy machine adds to the others."""
    lasted: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for _ in range(runs):
        for call, times in zip((one, other), lasted, strict=True):
            began, worked = perf_counter(), process_time()
            call()
            times.append(((perf_counter() - began) * 1000, (process_time() - worked) * 1000))
    first, second = (_percentiles(times) for times in lasted)
    return first, second


def _percentiles(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    lasted, worked = zip(*times, strict=True)
    p50, p95 = np.percentile(lasted, [50, 95])
    return {
        "runs": len(lasted),
        "p50_ms": _round(p50),
        "p95_ms": _round(p95),
        "work_p50_ms": _round(np.percentile(worked, 50)),
    }


def _round(milliseconds: float) -> float:
    return round(float(milliseconds), 2)
