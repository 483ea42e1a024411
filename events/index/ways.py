"""The ways to the events of a search: along one key of the index, along several at once, or past all events.

Each is complete by itself: it finds, in a range of ids, all that can fit, and sifts out what the key does not say. So a
search may change from one to another wherever it stands.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.ids import LAST_CAMERA, LAST_EVENT, EventId
from registry.reach import Reach

from .ascending import are_in
from .conditions import Condition, columns
from .event_filter import Order
from .keyed import walk_keys
from .reach_keys import KeyGroup, KeyKind
from .seek import Along, Asked, Walked, merged, walk
from .sift import sift
from .stretch import Stretch
from .tables import LASTING_COLUMNS

_LASTING: Final = frozenset(LASTING_COLUMNS)
A_STATEMENT: Final = 250.0
"""What a statement costs, in events that are walked past by an index that has all that is asked of them."""
_A_ROW: Final = 3.5
"""What it costs to look an event up whose neighbours are looked up too."""
_A_ROW_APART: Final = 8.0
"""What it costs where each lies on another page of the table."""
_ON_A_PAGE: Final = 30
"""So many events lie on one."""
_A_KEY: Final = 15.0
"""What it costs to ask a key: each has pages of its own, which are often not at hand."""
_A_KEY_AGAIN: Final = 2.5
"""As how many events that did not fit it counts: with 2,000 keys a search ends after four steps."""


_ALONG: Final = {
    KeyKind.LABEL: Along.LABEL,
    KeyKind.KIND: Along.KIND,
    KeyKind.SEVERITY: Along.SEVERITY,
    KeyKind.DEPARTMENT: Along.DEPARTMENT,
    KeyKind.CAMERA: Along.CAMERA,
    KeyKind.CAMERA_FOR_A_TIME: Along.CAMERA,
}
_WITH_LABEL: Final = {
    KeyKind.DEPARTMENT: Along.DEPARTMENT_AND_LABEL,
    KeyKind.CAMERA: Along.CAMERA_AND_LABEL,
    KeyKind.CAMERA_FOR_A_TIME: Along.CAMERA_AND_LABEL,
}
_KIND: Final = {along.value[0]: kind for kind, along in _ALONG.items()}
_FIRST_EVENT: Final = EventId(0)


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
        """What it costs to begin, in events that are walked past by an index that has all that is asked of them."""

    @property
    def a_step(self) -> float:
        """As how many events that did not fit a step counts, beside those that it walks past."""

    @property
    def an_event(self) -> float:
        """What it costs to go on by one event, in the same."""

    @property
    def takes_all(self) -> bool:
        """Whether a step takes all that lies in its stretch, so that it is to be given a short one."""

    @property
    def can_leap(self) -> bool:
        """Whether a step can leap from one stretch to the next."""

    @property
    def is_within(self) -> bool:
        """Whether all that lies on it is within the reach."""

    def step(self, connection: Connection, asked: Asked) -> Walked:
        """The first events on it, as many as are asked for or all of a stretch: those that fit its conditions."""


@dataclass(frozen=True, slots=True)
class OneKey:
    """Along one key, or past all events."""

    along: Along
    numbers: tuple[int, ...]
    fitting: tuple[Condition, ...]
    share: float
    is_within: bool = False
    lowest: EventId = _FIRST_EVENT
    """The lowest id under the key."""
    highest: EventId = LAST_EVENT
    set_out: float = A_STATEMENT
    a_step: float = 1.0
    takes_all: bool = False

    @property
    def an_event(self) -> float:
        return _a_row(self.share) if self.fitting and self.along is not Along.ALL else 1.0

    @property
    def can_leap(self) -> bool:
        return self.along is not Along.ALL

    def sifting(self, condition: Condition) -> "OneKey":
        """The same, which sifts by `condition` first."""
        return replace(self, fitting=(condition, *self.fitting))

    def step(self, connection: Connection, asked: Asked) -> Walked:
        if len(asked.parts) > 1:
            return walk_keys(connection, [self._group], self.numbers[1:] or None, self.fitting, asked)
        ids = Stretch(max(asked.ids.lowest, self.lowest), min(asked.ids.highest, self.highest))
        return walk(connection, self.along, self.numbers, self.fitting, replace(asked, ids=ids))

    @property
    def _group(self) -> KeyGroup:
        row = np.array([[self.numbers[0], self.lowest, self.highest]], np.int64)
        return KeyGroup(_KIND[self.along.value[0]], row)


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Along several keys, each of them maybe with each of some labels."""

    groups: Sequence[KeyGroup]
    labels: tuple[int, ...] | None
    fitting: tuple[Condition, ...]
    share: float
    is_within: bool = False
    takes_all: bool = True
    can_leap: bool = True

    @property
    def set_out(self) -> float:
        return _A_KEY * self._number + A_STATEMENT * len(self.groups)

    @property
    def a_step(self) -> float:
        return _A_KEY_AGAIN * self._number

    @property
    def an_event(self) -> float:
        return _a_row(self.share) if self.fitting else 1.0

    @property
    def _number(self) -> int:
        return sum(map(len, self.groups)) * (1 if self.labels is None else len(self.labels))

    def sifting(self, condition: Condition) -> "Keys":
        """The same, which sifts by `condition` first."""
        return replace(self, fitting=(condition, *self.fitting))

    def step(self, connection: Connection, asked: Asked) -> Walked:
        return walk_keys(connection, self.groups, self.labels, self.fitting, asked)


@dataclass(frozen=True, slots=True, eq=False)
class LongOnes:
    """Along those that lasted for long, and past some others that have not ended: what went on at a moment."""

    open_ones: NDArray[np.int64]
    """Those others, ascending; without them it leads to what lasted for long."""
    fitting: tuple[Condition, ...]
    share: float
    reach: Reach
    cameras: NDArray[np.int64] | None
    """The only ones that can be, ascending; None: any."""
    set_out: float = 2 * A_STATEMENT
    a_step: float = 1.0
    takes_all: bool = False
    can_leap: bool = False

    @property
    def an_event(self) -> float:
        return 1.0 if not self._of_rows or self._is_near_known else _a_row(self.share)

    @property
    def is_within(self) -> bool:
        return self.reach.is_all or not self.reach.departments

    def step(self, connection: Connection, asked: Asked) -> Walked:
        at_hand = tuple(one for one in self.fitting if one not in self._of_rows)
        walked = walk(connection, Along.LONG, (), at_hand, asked)
        near = self._are_near(walked.ids)
        departments = None if walked.departments is None else walked.departments[near]
        long_ones = replace(walked, ids=walked.ids[near], departments=departments)
        if self._of_rows:
            ids, departments = sift(connection, long_ones.ids, self._of_rows, asked)
            long_ones = replace(long_ones, ids=ids, departments=departments)
        first, last = asked.ids.lowest, asked.ids.highest
        if walked.until is not None:
            first, last = (walked.until, last) if asked.order is Order.NEWEST else (first, walked.until)
        beside = self.open_ones[(self.open_ones >= first) & (self.open_ones <= last)]
        ids, departments = sift(connection, beside[self._are_near(beside)], self.fitting, asked)
        return merged((long_ones, Walked(ids, departments, beside.size, None)), asked)

    @property
    def _of_rows(self) -> tuple[Condition, ...]:
        """What it sifts by that the index does not say: those events are looked up."""
        return tuple(one for one in self.fitting if not columns((one.name,)) or columns((one.name,)) - _LASTING)

    @property
    def _is_near_known(self) -> bool:
        return self.cameras is not None or not (self.reach.is_all or self.reach.departments)

    def _are_near(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of `ids` can be, as far as they say it themselves: the others need not be looked up."""
        cameras = ids & LAST_CAMERA
        near = np.ones(ids.shape, np.bool_) if self.cameras is None else are_in(cameras, self.cameras)
        if not (self.reach.is_all or self.reach.departments):
            near &= self.reach.has_in_spans(ids, cameras)
        return near


def way_along(
    groups: list[KeyGroup],
    labels: tuple[int, ...] | None,
    fitting: tuple[Condition, ...],
    share: float,
    *,
    is_within: bool,
) -> Way:
    """The way along these keys."""
    if sum(map(len, groups)) * (1 if labels is None else len(labels)) > 1:
        return Keys(groups, labels, fitting, share, is_within)
    [(kind, [(number, lowest, highest)])] = [(group.kind, group.listed()) for group in groups if len(group)]
    if labels is None:
        return OneKey(_ALONG[kind], (number,), fitting, share, is_within, lowest, highest)
    return OneKey(_WITH_LABEL[kind], (number, labels[0]), fitting, share, is_within, lowest, highest)


def _a_row(share: float) -> float:
    return _A_ROW if share * _ON_A_PAGE > 1.0 else _A_ROW_APART


def besides(conditions: Collection[Condition], *named: str) -> tuple[Condition, ...]:
    """Those of `conditions` that a key of these columns does not fulfil."""
    return tuple(one for one in conditions if one.name not in named)
