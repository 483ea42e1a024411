"""What facets are: how many events there are of each label, kind, severity, department and camera."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MOST_COUNTS: Final = 100
MOST_CAMERAS: Final = 20


@dataclass(frozen=True, slots=True)
class Count:
    """How many events there are of one value."""

    value: Any
    """A label's name, a `RuleKind`, a `Severity`, or the number of a department or a camera."""
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """How many events there are of each value of one thing."""

    counts: tuple[Count, ...]
    """Most first. At most 100, of cameras 20; values without events are left out."""
    at_least: bool
    """Whether only the newest events were counted, and there may be more of each."""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many events fit, and of what. Each facet is counted without its own condition, so that it says what else
    could be chosen; None: it was not counted."""

    total: int
    """With all conditions."""
    at_least: bool
    """Whether only the newest ones were counted for the total, and there may be more."""
    counted_to: datetime | None
    """When the oldest one started that the total counts, where it is `at_least` so many."""
    labels: Facet | None
    kinds: Facet | None
    severities: Facet | None
    departments: Facet | None
    cameras: Facet | None


def facet(
    counts: Mapping[int, int], named: Callable[[int], Any], *, at_least: bool = False, most: int = MOST_COUNTS
) -> Facet:
    """The facet of these counts, by number; `named` says what a number stands for."""
    largest = sorted((-count, number) for number, count in counts.items() if count > 0)[:most]
    return Facet(tuple(Count(named(number), -count) for count, number in largest), at_least)


def added(pairs: Iterable[tuple[int, int]]) -> Counter[int]:
    """The counts of each number together."""
    found: Counter[int] = Counter()
    for number, count in pairs:
        found[number] += count
    return found
