"""Troubles that somebody should be told of, by whoever finds them."""

from collections.abc import Callable
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong."""

    DISK_FULL = "disk_full"
    """There is too little room: the oldest media go."""
    QUOTA_REACHED = "quota_reached"
    """A department has more than it may: its oldest media go."""
    ALL_HELD = "all_held"
    """There is too little room, and nothing that may go."""
    REMOVAL_WAITS = "removal_waits"
    """What is over its time stays for some hours: the clock leapt, or this is the first time."""


Tell = Callable[[Trouble, str, str | None], None]
"""Told of a trouble, what has it, and what it is in words; None: it is over. It may be told the same again and again.
It may raise `Unavailable`: then it is told again later."""


def megabytes(size: int) -> str:
    """So many bytes, in words."""
    return f"{size / 1_000_000:.1f} MB"
