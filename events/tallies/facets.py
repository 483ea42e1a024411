"""How many events fit a filter, and of what: from the tallies where they know it, else of the newest events."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import tzinfo

from sqlalchemy import Connection

from core.rule import Severity
from registry.reach import Reach

from ..index.checking import check
from ..index.event_filter import EventFilter
from .by_camera import facets_by_camera
from .facet import Count, Facet, Facets, added, facet
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
from .straight import Group, groups_within
from .sums import By, Keys, sums

__all__ = ["Count", "Facet", "Facets", "facets"]

_MOST_AT_AN_END = 20_000
"""So many events of an hour that is not whole are counted."""


def facets(connection: Connection, asked: EventFilter, reach: Reach, _: tzinfo | None = None) -> Facets:
    """How many events within `reach` fit `asked`, and of what.

    Exact, from the tallies, where `asked` is on time, department, label, kind and severity, and `reach` is of whole
    departments; for few cameras, where it is on time and label. Else the newest 10,000 that fit are counted.

    Raises `BadInput` as a search does.
    """
    check(asked)
    known = names(connection)
    if reach.is_nothing:
        return _NOTHING
    if is_tallied(asked) and has_whole_departments(reach):
        stretches = stretches_of(connection, asked)
        if stretches is not None:
            return _of_departments(connection, asked, reach, stretches, known)
    newest = Newest(connection, asked, reach, known)
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
) -> Facets:
    """From the rows of departments, and the events at the ends of whole hours."""
    pieces = Pieces.of(stretches)
    keys = keys_of(connection, asked, reach)
    any_departments = departments_of(connection, _without_departments(asked), reach)
    groups, is_cut = _at_the_ends(connection, pieces.ends, Keys(departments=any_departments))

    def of_ends(keys: Keys, number: str) -> list[tuple[int, int]]:
        return [(getattr(one, number), one.events) for one in groups if one.fits(keys)]

    def sums_by(by: By, keys: Keys) -> list[tuple[int, int]]:
        return [(row[0], row[1]) for row in sums(connection, by, pieces.whole, keys)]

    any_label, any_kind = keys.but(labels=None), keys.but(kinds=None)
    any_severity, any_department = keys.but(severities=None), keys.but(departments=any_departments)
    labels = sums_by(By.LABEL, any_label) + of_ends(any_label, "label")
    listed = all_departments(connection) if any_departments is None else any_departments
    departments = sums_by(By.DEPARTMENT, keys.but(departments=listed)) + of_ends(any_department, "department")
    alike = [
        Group(0, 0, kind, severity, events)
        for kind, severity, events in sums(
            connection, By.KIND_AND_SEVERITY, pieces.whole, keys.but(kinds=None, severities=None)
        )
    ]
    within = Keys(kinds=keys.kinds, severities=keys.severities)
    kinds = [(one.kind, one.events) for one in alike if one.fits(within.but(kinds=None))] + of_ends(any_kind, "kind")
    severities = [(one.severity, one.events) for one in alike if one.fits(within.but(severities=None))]
    severities += of_ends(any_severity, "severity")
    total = sum(one.events for one in alike if one.fits(within)) + sum(one.events for one in groups if one.fits(keys))
    return Facets(
        total=total,
        at_least=is_cut,
        counted_to=None,
        labels=facet(added(labels), known.labels.get, at_least=is_cut),
        kinds=facet(added(kinds), known.kinds.get, at_least=is_cut),
        severities=facet(added(severities), Severity, at_least=is_cut),
        departments=facet(added(departments), int, at_least=is_cut),
        cameras=None,
    )


def _without_departments(asked: EventFilter) -> EventFilter:
    return replace(asked, departments=frozenset())


def _at_the_ends(connection: Connection, ends: Iterable[Stretch], keys: Keys) -> tuple[list[Group], bool]:
    """What there is at the ends of whole hours; whether there may be more."""
    groups: list[Group] = []
    is_cut = False
    for one in ends:
        found, is_more = groups_within(connection, one, keys, _MOST_AT_AN_END)
        groups += found
        is_cut |= is_more
    return groups, is_cut


_NOTHING = Facets(0, False, None, *(Facet((), False) for _ in range(5)))
