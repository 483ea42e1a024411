"""How long things take."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import numpy as np


def timed(calls: Iterable[Callable[[], object]]) -> dict[str, Any]:
    """Median, 95th percentile and maximum of some calls, in milliseconds."""
    lasted = []
    for call in calls:
        began = perf_counter()
        call()
        lasted.append((perf_counter() - began) * 1000)
    p50, p95 = np.percentile(lasted, [50, 95])
    return {"runs": len(lasted), "p50_ms": _round(p50), "p95_ms": _round(p95), "max_ms": _round(max(lasted))}


def _round(milliseconds: float) -> float:
    return round(float(milliseconds), 2)
