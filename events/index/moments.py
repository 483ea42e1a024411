"""Moments as answers and messages have them, made of numbers: a page has hundreds, most of a few minutes."""

from datetime import timedelta
from functools import lru_cache
from typing import Final

from registry.columns import EPOCH

_SECONDS: Final = tuple(f"{second:02}" for second in range(60))
_MILLISECONDS: Final = tuple(f".{millisecond:03}Z" for millisecond in range(1_000))


def moment_text(ms: int) -> str:
    """The instant `ms` milliseconds after 1970 UTC, as `core.clock.rfc3339` has it."""
    seconds, millisecond = divmod(ms, 1_000)
    minute, second = divmod(seconds, 60)
    return _minute(minute) + _SECONDS[second] + _MILLISECONDS[millisecond]


@lru_cache(maxsize=16_384)
def _minute(number: int) -> str:
    return (EPOCH + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:")
