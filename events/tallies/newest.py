"""Facets of the newest events that fit, where no tally knows the conditions, or who asks sees them in part."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from core.ids import LAST_CAMERA, event_time
from core.rule import Severity
from registry.reach import Reach

from ..index.event_filter import EventFilter
from ..index.found import Fitting
from ..index.search import fitting
from .facet import MOST_CAMERAS, Facet, added, facet
from .meant import Names
from .straight import Group, groups_of

MOST_COUNTED: Final = 10_000
"""So many of the newest events that fit are counted one by one."""
_NO_LABELS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """Some of the newest events."""

    found: Fitting
    groups: list[Group]


class Newest:
    """Counts the newest events that fit a filter within a reach. For one thread."""

    def __init__(self, connection: Connection, asked: EventFilter, reach: Reach, names: Names) -> None:
        self._connection = connection
        self._asked = asked
        self._reach = reach
        self._names = names
        self._known: dict[EventFilter, _Counted] = {}

    @property
    def total(self) -> int:
        """How many fit, as far as they were counted."""
        return int(self._fitting(self._asked).ids.size)

    @property
    def at_least(self) -> bool:
        """Whether there may be more."""
        return not self._fitting(self._asked).is_all

    @property
    def counted_to(self) -> datetime | None:
        """Down to when all were counted, if there may be more."""
        down_to = self._fitting(self._asked).down_to
        return None if down_to is None else event_time(down_to)

    def labels(self) -> Facet:
        return self._facet(replace(self._asked, labels=_NO_LABELS), lambda one: one.label, self._names.labels.get)

    def kinds(self) -> Facet:
        return self._facet(replace(self._asked, kinds=frozenset()), lambda one: one.kind, self._names.kinds.get)

    def severities(self) -> Facet:
        return self._facet(replace(self._asked, severities=frozenset()), lambda one: one.severity, Severity)

    def departments(self) -> Facet:
        return self._facet(replace(self._asked, departments=frozenset()), lambda one: one.department, int)

    def cameras(self) -> Facet:
        """An event's id says its camera."""
        found = self._fitting(replace(self._asked, cameras=frozenset()))
        numbers, counts = np.unique(found.ids & LAST_CAMERA, return_counts=True)
        counted = Counter(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
        return facet(counted, int, at_least=not found.is_all, most=MOST_CAMERAS)

    def _facet(self, asked: EventFilter, number: Callable[[Group], int], named: Callable[[int], Any]) -> Facet:
        known = self._count(asked)
        counted = added((number(one), one.events) for one in known.groups)
        return facet(counted, named, at_least=not known.found.is_all)

    def _fitting(self, asked: EventFilter) -> Fitting:
        return self._count(asked, with_groups=False).found

    def _count(self, asked: EventFilter, *, with_groups: bool = True) -> _Counted:
        known = self._known.get(asked)
        if known is None:
            known = _Counted(fitting(self._connection, asked, reach=self._reach, limit=MOST_COUNTED), [])
            self._known[asked] = known
        if with_groups and known.found.ids.size and not known.groups:
            known.groups.extend(groups_of(self._connection, known.found.ids))
        return known
