"""What of a filter the tallies know, in the numbers of the index."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT
from core.rule import RuleKind, Severity
from registry.access.department_tree import DepartmentTree
from registry.reach import Reach
from registry.tables import department

from ..index import words
from ..index.event_filter import EventFilter
from ..index.tables import event, event_kind, label
from .pieces import Stretch
from .sums import Keys
from .whole_hours import within_hours

_MILLISECOND: Final = timedelta(milliseconds=1)
_LAST_MS: Final = LAST_EVENT >> CAMERA_BITS


@dataclass(frozen=True, slots=True)
class Names:
    """The words of the index, by their numbers."""

    labels: dict[int, str]
    kinds: dict[int, RuleKind]


def names(connection: Connection) -> Names:
    """All that the index has seen."""
    kinds = {kind.value: kind for kind in RuleKind}
    return Names(
        {row.id: row.name for row in connection.execute(select(label.c.id, label.c.name))},
        {
            row.id: kinds[row.name]
            for row in connection.execute(select(event_kind.c.id, event_kind.c.name))
            if row.name in kinds
        },
    )


def is_tallied(asked: EventFilter) -> bool:
    """Whether all conditions but time are on department, label, kind or severity: nothing on cameras, or on what only
    the event itself knows."""
    plain = replace(
        asked,
        from_at=None,
        to_at=None,
        hours=None,
        labels=frozenset(),
        kinds=frozenset(),
        severities=frozenset(),
        departments=frozenset(),
        sectors=frozenset(),
        min_score=asked.min_score or None,  # any event has a score of 0 or more, or none
        min_duration=asked.min_duration or None,
    )
    return plain == EventFilter()


def has_whole_departments(reach: Reach) -> bool:
    """Whether `reach` is of departments since ever, and of no single cameras."""
    return reach.is_all or (not reach.cameras.size and not any(reach.departments.values()))


def keys_of(connection: Connection, asked: EventFilter, reach: Reach) -> Keys:
    """The conditions of `asked` on department, label, kind and severity, within the departments of `reach`."""
    kinds = None
    if asked.kinds and asked.kinds != frozenset(RuleKind):
        kinds = _ordered(words.known(connection, event_kind, {kind.value for kind in asked.kinds}).values())
    severities = None
    if asked.severities and asked.severities != frozenset(Severity):
        severities = _ordered(severity.value for severity in asked.severities)
    return Keys(
        departments=departments_of(connection, asked, reach),
        labels=_ordered(words.known(connection, label, asked.labels).values()) if asked.labels else None,
        kinds=kinds,
        severities=severities,
    )


def departments_of(connection: Connection, asked: EventFilter, reach: Reach) -> tuple[int, ...] | None:
    """The departments that `asked` names, with all below them, as far as they are within `reach`; None: any."""
    found: set[int] | None = None if reach.is_all else set(reach.departments)
    if asked.departments or asked.sectors:
        tree = DepartmentTree(connection)
        if asked.departments:
            named: set[int] = {below for top in asked.departments for below in tree.within(top)}
            found = named if found is None else found & named
        if asked.sectors:
            of_kind: set[int] = {number for number, kind in tree.kinds.items() if kind in asked.sectors}
            found = of_kind if found is None else found & of_kind
    return None if found is None else _ordered(found)


def all_departments(connection: Connection) -> tuple[int, ...]:
    """The numbers of all there are."""
    return tuple(connection.scalars(select(department.c.id).order_by(department.c.id)))


def stretch_of(asked: EventFilter) -> Stretch:
    """The time that `asked` names."""
    return Stretch(first_ms(asked.from_at, 0), first_ms(asked.to_at, _LAST_MS + 1), 0)


def stretches_of(connection: Connection, asked: EventFilter) -> list[Stretch] | None:
    """The same as far as there are events, in the parts that its hours leave; None where those do not begin and end
    with hours of UTC."""
    first, last = (connection.scalar(select(edge(event.c.id))) for edge in (func.min, func.max))
    if first is None or last is None:
        return []
    whole = stretch_of(asked)
    known = Stretch(max(whole.first, first >> CAMERA_BITS), min(whole.end, (last >> CAMERA_BITS) + 1), 0)
    if known.first >= known.end:
        return []
    return [known] if asked.hours is None else within_hours(asked.hours, known)


def first_ms(at: datetime | None, otherwise: int = 0) -> int:
    """The first millisecond of events at `at` or later. Moments outside the time of events count as its ends."""
    if at is None:
        return otherwise
    return min(max(-((EVENT_EPOCH - at) // _MILLISECOND), 0), _LAST_MS + 1)


def _ordered(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
