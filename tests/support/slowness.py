"""How much slower this machine is than the one that the waits of the tests were set on."""

import time
from typing import Final

_TURNS: Final = 100_000
_SET_WITH_S: Final = 0.002
"""What so many turns of an empty loop took where the waits were set, and a little more."""


def _turned() -> float:
    begun = time.thread_time()
    for _ in range(_TURNS):
        pass
    return time.thread_time() - begun


SLOWNESS: Final = max(1.0, min(_turned() for _ in range(10)) / _SET_WITH_S)
"""Each wait may take so many times as long; 1 on a machine that is quicker."""
