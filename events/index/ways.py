"""The ways to the events of a search: along one key of the index, along several at once, or past all events.

Each is complete by itself: it finds, in a range of ids, all that can fit, and sifts out what the key does not say. So a
search may change from one to another wherever it stands.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.ids import EventId

from .conditions import Condition
from .event_filter import Order
from .keyed import first_ids
from .reach_keys import KeyGroup
from .seek import Along, Walked, walk
from .sift import sift

_A_KEY: Final = 6.0
"""What asking a key costs, in events that are walked over."""
A_STATEMENT: Final = 100.0
"""What a statement costs besides."""


class Way(Protocol):
    """A way to events."""

    @property
    def fitting(self) -> tuple[Condition, ...]:
        """What it sifts by: all that is asked of rows, but what its keys say."""

    @property
    def share(self) -> float:
        """Which part of all events lies on it, about."""

    @property
    def set_out(self) -> float:
        """What it costs to begin a step, in events that are walked over."""

    @property
    def is_within(self) -> bool:
        """Whether all that lies on it is within the reach."""

    def step(
        self,
        connection: Connection,
        *,
        lowest: EventId,
        highest: EventId,
        limit: int,
        order: Order,
        with_departments: bool,
    ) -> Walked:
        """The first `limit` events on it from `lowest` to `highest`, in `order`: those that fit its conditions."""


@dataclass(frozen=True, slots=True)
class OneKey:
    """Along one key, or past all events."""

    along: Along
    numbers: tuple[int, ...]
    fitting: tuple[Condition, ...]
    share: float
    is_within: bool = False
    set_out: float = A_STATEMENT

    def step(
        self,
        connection: Connection,
        *,
        lowest: EventId,
        highest: EventId,
        limit: int,
        order: Order,
        with_departments: bool,
    ) -> Walked:
        return walk(
            connection,
            self.along,
            self.numbers,
            self.fitting,
            lowest=lowest,
            highest=highest,
            limit=limit,
            order=order,
            with_departments=with_departments,
        )


@dataclass(frozen=True, slots=True, eq=False)
class ManyKeys:
    """Along several keys, each of them maybe with each of some labels."""

    groups: Sequence[KeyGroup]
    labels: tuple[int, ...] | None
    fitting: tuple[Condition, ...]
    share: float
    is_within: bool = False

    @property
    def keys(self) -> int:
        return sum(map(len, self.groups)) * (1 if self.labels is None else len(self.labels))

    @property
    def set_out(self) -> float:
        return _A_KEY * self.keys + 2 * A_STATEMENT

    def step(
        self,
        connection: Connection,
        *,
        lowest: EventId,
        highest: EventId,
        limit: int,
        order: Order,
        with_departments: bool,
    ) -> Walked:
        found = first_ids(
            connection, self.groups, labels=self.labels, lowest=lowest, highest=highest, limit=limit, order=order
        )
        ids, departments = sift(connection, found, self.fitting, order, with_departments=with_departments)
        until = EventId(int(found[-1])) if found.size >= limit else None
        return Walked(ids, departments, max(found.size, self.keys), until)


@dataclass(frozen=True, slots=True, eq=False)
class LongOnes:
    """Along those that lasted for long, and past some others that have not ended: what went on at a moment."""

    open_ones: NDArray[np.int64]
    fitting: tuple[Condition, ...]
    share: float
    is_within: bool = False
    set_out: float = 2 * A_STATEMENT

    def step(
        self,
        connection: Connection,
        *,
        lowest: EventId,
        highest: EventId,
        limit: int,
        order: Order,
        with_departments: bool,
    ) -> Walked:
        walked = walk(
            connection,
            Along.LONG,
            (),
            (),
            lowest=lowest,
            highest=highest,
            limit=limit,
            order=order,
            with_departments=False,
        )
        first, last = lowest, highest
        if walked.until is not None:
            first, last = (walked.until, highest) if order is Order.NEWEST else (lowest, walked.until)
        beside = self.open_ones[(self.open_ones >= first) & (self.open_ones <= last)]
        found = np.union1d(walked.ids, beside)
        if order is Order.NEWEST:
            found = found[::-1]
        ids, departments = sift(connection, found, self.fitting, order, with_departments=with_departments)
        return Walked(ids, departments, found.size, walked.until)


def besides(conditions: Collection[Condition], *named: str) -> tuple[Condition, ...]:
    """Those of `conditions` that a key of these columns does not fulfil."""
    return tuple(one for one in conditions if one.name not in named)
