"""How many events fit a filter, and of what: from the tallies where they know it, else of the newest events."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo

import numpy as np
from sqlalchemy import Connection

from core.rule import Severity
from registry.reach import Reach

from ..index.checking import check
from ..index.event_filter import EventFilter
from .by_camera import enough_since, facets_by_camera
from .facet import Count, Facet, Facets, facet
from .meant import (
    Names,
    all_departments,
    departments_of,
    has_whole_departments,
    is_tallied,
    keys_of,
    names,
    stretches_of,
)
from .newest import Newest
from .pieces import Pieces, Stretch
from .straight import Groups, counts_by, groups_within, under
from .sums import MOST_STEPS, By, Keys, steps, sums

__all__ = ["Count", "Facet", "Facets", "facets"]

_MOST_AT_AN_END = 20_000
"""So many events of an hour that is not whole are counted."""


def facets(connection: Connection, asked: EventFilter, reach: Reach, _: tzinfo | None = None) -> Facets:
    """How many events within `reach` fit `asked`, and of what.

    Exact, from the tallies, where `asked` is on time, department, label, kind and severity, `reach` is of whole
    departments, and not too much is to be added up; for few cameras, where it is on time and label. Else the newest
    10,000 that fit are counted.

    Raises `BadInput` as a search does.
    """
    check(asked)
    known = names(connection)
    if reach.is_nothing:
        return _NOTHING
    if is_tallied(asked) and has_whole_departments(reach):
        stretches = stretches_of(connection, asked)
        if stretches is not None:
            of_departments = _of_departments(connection, asked, reach, stretches, known)
            if of_departments is not None:
                return of_departments
    newest = Newest(connection, asked, reach, known, enough_since(connection, asked, reach))
    by_camera = facets_by_camera(connection, asked, reach, newest, known)
    if by_camera is not None:
        return by_camera
    return Facets(
        total=newest.total,
        at_least=newest.at_least,
        counted_to=newest.counted_to,
        labels=newest.labels(),
        kinds=newest.kinds(),
        severities=newest.severities(),
        departments=newest.departments(),
        cameras=newest.cameras(),
    )


def _of_departments(
    connection: Connection, asked: EventFilter, reach: Reach, stretches: Iterable[Stretch], known: Names
) -> Facets | None:
    """From the rows of departments, and the events at the ends of whole hours; None where that would take long."""
    pieces = Pieces.of(stretches)
    keys = keys_of(connection, asked, reach)
    any_departments = departments_of(connection, _without_departments(asked), reach)
    listed = all_departments(connection) if any_departments is None else any_departments
    any_label, any_department = keys.but(labels=None), keys.but(departments=listed)
    any_alarm = keys.but(kinds=None, severities=None)
    needed = ((By.LABEL, any_label), (By.DEPARTMENT, any_department), (By.KIND_AND_SEVERITY, any_alarm))
    if sum(steps(by, pieces.whole, one) for by, one in needed) > MOST_STEPS:
        return None
    groups, is_cut = _at_the_ends(connection, pieces.ends, Keys(departments=any_departments))

    def counted(by: By, keys: Keys, free: str) -> Counter[int]:
        """Of whole hours, and of their ends."""
        sums_of_hours = Counter({row[0]: row[1] for row in sums(connection, by, pieces.whole, keys)})
        return sums_of_hours + Counter(counts_by(under(groups, keys), free))

    labels = counted(By.LABEL, any_label, "label")
    departments = counted(By.DEPARTMENT, any_department, "department")
    rows = sums(connection, By.KIND_AND_SEVERITY, pieces.whole, any_alarm)
    alike = np.array([(0, 0, *row) for row in rows], np.int64).reshape(-1, 5)

    def of_both(within: Keys) -> Groups:
        named = Keys(kinds=within.kinds, severities=within.severities)
        return np.concatenate([under(alike, named), under(groups, within)])

    kinds = counts_by(of_both(keys.but(kinds=None)), "kind")
    severities = counts_by(of_both(keys.but(severities=None)), "severity")
    total = int(of_both(keys)[:, -1].sum())
    return Facets(
        total=total,
        at_least=is_cut,
        counted_to=None,
        labels=facet(labels, known.labels.get, at_least=is_cut),
        kinds=facet(kinds, known.kinds.get, at_least=is_cut),
        severities=facet(severities, Severity, at_least=is_cut),
        departments=facet(departments, int, at_least=is_cut),
        cameras=None,
    )


def _without_departments(asked: EventFilter) -> EventFilter:
    return replace(asked, departments=frozenset())


def _at_the_ends(connection: Connection, ends: Iterable[Stretch], keys: Keys) -> tuple[Groups, bool]:
    """What there is at the ends of whole hours; whether there may be more."""
    found = [groups_within(connection, one, keys, _MOST_AT_AN_END) for one in ends]
    groups = [np.empty((0, 5), np.int64), *(one for one, _ in found)]
    return np.concatenate(groups), any(is_more for _, is_more in found)


_NOTHING = Facets(0, False, None, *(Facet((), False) for _ in range(5)))
