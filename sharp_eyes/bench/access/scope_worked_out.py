"""The part that works out what somebody with a thousand grants may see."""

from time import perf_counter
from typing import Final

import numpy as np

from core.access import Principal, PrincipalKind, Right, Role
from core.clock import SystemClock
from core.errors import SharpEyesError
from core.ids import CameraId
from registry.visibility import EventFacts, Visibility

from ...simulate.sharing import camera_numbers, grant_cameras, smallest_department
from .stage import Figure, Stage

GRANTS: Final = 1_000
_MOST_RUNS: Final = 30


def scope_worked_out(stage: Stage) -> list[Figure]:
    """The time to work out a scope of 1,000 grants, each on a camera, and to find it again."""
    clock = SystemClock()
    with stage.database.write() as connection:
        numbers = camera_numbers(connection)
        shared = np.random.default_rng(stage.seed + 2).choice(numbers, min(GRANTS, len(numbers)), replace=False)
        home = smallest_department(connection)
        grant_cameras(connection, [CameraId(int(one)) for one in np.sort(shared)], home, clock.now())
    asking = Principal(PrincipalKind.KEY, 1, "bench", Role.OPERATOR, home)
    cold: list[float] = []
    warm: list[float] = []
    for run in range(min(stage.runs, _MOST_RUNS)):
        stage.tell("scopes", run, min(stage.runs, _MOST_RUNS))
        visibility = Visibility(EventFacts.GRANT, clock)
        with stage.database.read() as connection:
            for times in (cold, warm):
                began = perf_counter()
                scope = visibility.scope(connection, asking)
                times.append((perf_counter() - began) * 1000)
        if not np.isin(shared, scope[Right.EVENTS].cameras).all():
            raise SharpEyesError("a camera that was granted is not within the scope")
    return [
        Figure(f"scope of {len(shared)} grants, {name}", {"runs": len(times), **_percentiles(times)})
        for name, times in (("worked out", cold), ("found again", warm))
    ]


def _percentiles(milliseconds: list[float]) -> dict[str, float]:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return {"p50_ms": round(float(p50), 3), "p95_ms": round(float(p95), 3)}
