"""Facets of the newest events that fit, where no tally knows the conditions, or who asks sees them in part."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
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
from .facet import MOST_CAMERAS, Facet, facet
from .meant import Names
from .straight import Groups, counts_by, groups_of

MOST_COUNTED: Final = 10_000
"""So many of the newest events that fit are counted one by one."""
_NO_LABELS: Final[frozenset[str]] = frozenset()


class Newest:
    """Counts the newest events that fit a filter within a reach. For one thread."""

    def __init__(
        self, connection: Connection, asked: EventFilter, reach: Reach, names: Names, since: datetime | None = None
    ) -> None:
        """From `since` on there are enough of them, as far as is known: they are looked for there first."""
        self._connection = connection
        self._asked = asked
        self._reach = reach
        self._names = names
        self._known: dict[EventFilter, Fitting] = {}
        self._groups: dict[EventFilter, Groups] = {}
        self._since = since

    @property
    def total(self) -> int:
        """How many fit, as far as they were counted."""
        return int(self.found(self._asked).ids.size)

    @property
    def at_least(self) -> bool:
        """Whether there may be more."""
        return not self.found(self._asked).is_all

    @property
    def counted_to(self) -> datetime | None:
        """Down to when all were counted, if there may be more."""
        down_to = self.found(self._asked).down_to
        return None if down_to is None else event_time(down_to)

    def labels(self) -> Facet:
        return self._facet(replace(self._asked, labels=_NO_LABELS), "label", self._names.labels.get)

    def kinds(self) -> Facet:
        return self._facet(replace(self._asked, kinds=frozenset()), "kind", self._names.kinds.get)

    def severities(self) -> Facet:
        return self._facet(replace(self._asked, severities=frozenset()), "severity", Severity)

    def departments(self) -> Facet:
        return self._facet(replace(self._asked, departments=frozenset()), "department", int)

    def cameras(self) -> Facet:
        """An event's id says its camera."""
        found = self.found(replace(self._asked, cameras=frozenset()))
        numbers, counts = np.unique(found.ids & LAST_CAMERA, return_counts=True)
        counted = Counter(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
        return facet(counted, int, at_least=not found.is_all, most=MOST_CAMERAS)

    def _facet(self, asked: EventFilter, name: str, named: Callable[[int], Any]) -> Facet:
        found = self.found(asked)
        if asked not in self._groups:
            self._groups[asked] = groups_of(self._connection, found.ids)
        return facet(counts_by(self._groups[asked], name), named, at_least=not found.is_all)

    def found(self, asked: EventFilter) -> Fitting:
        """The newest of what fits `asked`, another filter about the same cameras."""
        if asked not in self._known:
            self._known[asked] = self._look(asked)
        return self._known[asked]

    def _look(self, asked: EventFilter) -> Fitting:
        if self._since is not None and (asked.from_at is None or asked.from_at < self._since):
            found = fitting(
                self._connection, replace(asked, from_at=self._since), reach=self._reach, limit=MOST_COUNTED
            )
            if not found.is_all:
                return found
        return fitting(self._connection, asked, reach=self._reach, limit=MOST_COUNTED)
