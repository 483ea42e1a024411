"""What events are looked for, in the index's numbers."""

from datetime import datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy import Connection, select

from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT, EventId
from core.rule import RuleKind, Severity
from registry.access.department_tree import DepartmentTree
from registry.columns import to_microseconds
from registry.tables import line, zone

from . import words
from .checking import check
from .conditions import Condition
from .drafts import SHARE
from .event_filter import EventFilter
from .local_hours import LocalHours
from .tables import event_kind, label
from .wanted import Earlier, Wanted

LONG: Final = timedelta(hours=1)
"""What lasted for longer has an index of its own."""
CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By so much an event's time may lie outside the time of its owner, at most."""
_NEVER: Final = 0
"""The numbers of cameras begin after it."""
_MILLISECOND: Final = timedelta(milliseconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


def resolve(connection: Connection, asked: EventFilter) -> Wanted | None:
    """`asked` in numbers; None where nothing can fit: a label never seen, a department that never was.

    Raises `BadInput` as `check` does.
    """
    meant = check(asked)
    lowest, highest = _id_at(asked.from_at, 0), EventId(_id_at(asked.to_at, LAST_EVENT + 1) - 1)
    if lowest > highest and not (asked.overlap and highest >= 0):
        return None
    cameras = _cameras(connection, asked)
    departments = departments_of(connection, asked)
    labels = words.known(connection, label, asked.labels).values() if asked.labels else None
    kinds = None
    if asked.kinds and asked.kinds != frozenset(RuleKind):
        kinds = words.known(connection, event_kind, {kind.value for kind in asked.kinds}).values()
    severities = None
    if asked.severities and asked.severities != frozenset(Severity):
        severities = [severity.value for severity in asked.severities]
    for named in (departments, labels, kinds):
        if named is not None and not named:
            return None
    return Wanted(
        lowest=lowest,
        highest=highest,
        earlier=_earlier(asked),
        hours=None if asked.hours is None else LocalHours(asked.hours),
        cameras=None if cameras is None else np.array(sorted(cameras), np.int64),
        meant=meant,
        departments=None if departments is None else tuple(sorted(departments)),
        labels=None if labels is None else tuple(sorted(labels)),
        kinds=None if kinds is None else tuple(sorted(kinds)),
        severities=None if severities is None else tuple(sorted(severities)),
        others=tuple(_others(asked)),
    )


def departments_of(connection: Connection, asked: EventFilter) -> set[int] | None:
    """The departments whose events fit; None: any."""
    if not (asked.departments or asked.sectors):
        return None
    tree = DepartmentTree(connection)
    found = set(tree.kinds)
    if asked.departments:
        found = {one for top in asked.departments for one in tree.within(top)}
    if asked.sectors:
        found &= {one for sector in asked.sectors for one in tree.of_sector(sector)}
    return set(found)


def _cameras(connection: Connection, asked: EventFilter) -> set[int] | None:
    """Those that are named, by themselves or by a part of their pictures: cameras have an index.

    Where that is none it is one that never was: who may not see a camera is answered by the same way, and in the same
    time, as if it were not there.
    """
    found: set[int] | None = set(asked.cameras) if asked.cameras else None
    for part, named in ((zone, asked.zones), (line, asked.lines)):
        if named:
            these = set(connection.scalars(select(part.c.camera).where(part.c.id.in_(named))))
            found = these if found is None else found & these
    return {_NEVER} if found is not None and not found else found


def _earlier(asked: EventFilter) -> Earlier | None:
    if not asked.overlap or asked.from_at is None:
        return None
    recent = _id_at(asked.from_at - LONG, 0) if asked.from_at > EVENT_EPOCH else EventId(0)
    return Earlier(recent, Condition("going_on_at", to_microseconds(asked.from_at)))


def _others(asked: EventFilter) -> list[Condition]:
    found = []
    if asked.zones:
        found.append(Condition("zone", tuple(sorted(asked.zones))))
    if asked.lines:
        found.append(Condition("line", tuple(sorted(asked.lines))))
    if asked.min_score is not None and asked.min_score > 0:
        found.append(Condition("score", lowest_score(asked.min_score)))
    if asked.min_duration is not None and asked.min_duration > timedelta(0):
        found.append(Condition("lasted_us", asked.min_duration // _MICROSECOND))
    if asked.max_duration is not None:
        found.append(Condition("lasted_at_most_us", asked.max_duration // _MICROSECOND))
    return found


def lowest_score(share: float) -> int:
    """The lowest stored score that fits."""
    return int(np.ceil(share * SHARE - 1e-6))


def _id_at(at: datetime | None, otherwise: int) -> EventId:
    """The lowest id of events that start at `at` or later. Moments outside the time of events count as its ends."""
    if at is None:
        return EventId(otherwise)
    milliseconds = -((EVENT_EPOCH - at) // _MILLISECOND)
    return EventId(min(max(milliseconds, 0) << CAMERA_BITS, LAST_EVENT + 1))
