"""What a hold covers now: how many events, and how many media with how many bytes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from sqlalchemy import ColumnElement, Connection, Subquery, and_, func, select, text, union

from core.camera import DepartmentId
from core.ids import EVENT_EPOCH, LAST_EVENT, EventId, event_time
from registry.access.department_tree import DepartmentTree
from registry.access.tenures import lowest_id
from registry.chunks import in_chunks

from ..index.tables import IS_LONG, event
from ..media.table import MediaState, event_media
from .hold import HoldCamera, HoldDepartment, HoldEvent, Holding, HoldSpan

MOST_COUNTED: Final = 50_000
"""Events that are looked at: a department may have millions, and whoever asks waits."""
_MOST_LEAVING: Final = 10_000
_LONG: Final = timedelta(hours=1)
"""Events that lasted longer have an index of their own."""
_THE_END: Final = event_time(LAST_EVENT)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is of what is held."""

    events: int
    media: int
    """Snapshots and clips that can be seen, masked clips as well as originals."""
    bytes: int
    """Of these media."""
    at_least: bool
    """Whether counting ended at so many events as were to be looked at, and there is more."""


def covered(
    connection: Connection,
    on: Holding,
    *,
    departments: Collection[DepartmentId] | None = None,
    most: int = MOST_COUNTED,
) -> Coverage:
    """What there is of `on` that is, by its time, of these departments (None: of whichever), among `most` events at
    most: in some tenths of a second."""
    looked_at = _events(connection, on, departments, most + 1)
    counted = connection.execute(select(func.count()).select_from(looked_at)).scalar_one()
    some = looked_at if counted <= most else _events(connection, on, departments, most)
    is_there = event_media.c.state == MediaState.READY.value, event_media.c.doomed_at.is_(None)
    summed = (
        select(func.count(), func.coalesce(func.sum(event_media.c.bytes), 0))
        .select_from(some.join(event_media, event_media.c.event == some.c.id))
        .where(*is_there)
    )
    media, size = connection.execute(summed).one()
    return Coverage(min(counted, most), media, int(size), counted > most)


def leaving(connection: Connection, on: Holding) -> int:
    """How many media of `on` were marked for removal before it was held: those go. To be asked in the transaction that
    takes the hold. Few are marked at any time, so that all of them are looked through."""
    doomed = select(event_media.c.event).where(event_media.c.doomed_at.is_not(None)).limit(_MOST_LEAVING)
    numbers = list(connection.scalars(doomed))
    there: set[int] = set()
    for chunk in in_chunks(sorted(set(numbers))):
        asked = select(event.c.id).where(event.c.id.in_(chunk), _is_of(connection, on))
        there.update(connection.scalars(asked))
    return sum(number in there for number in numbers)


def _events(connection: Connection, on: Holding, departments: Collection[DepartmentId] | None, most: int) -> Subquery:
    """The ids of at most so many events, each once."""
    is_of = _is_of(connection, on)
    if departments is not None:
        is_of = and_(is_of, event.c.department.in_(sorted(departments)))
    if isinstance(on, HoldEvent) or on.span.from_at is None:
        return select(event.c.id).where(is_of).limit(most).subquery()
    # What began in the span is found by its id; what began before and went on in it, by the index of long ones, or an
    # hour before at most.
    start = lowest_id(_within(on.span.from_at))
    near = lowest_id(_within(on.span.from_at - _LONG))
    soon = select(event.c.id).where(is_of, event.c.id >= near).limit(most)
    before = select(event.c.id).where(is_of, event.c.id < start, text(IS_LONG)).limit(most)
    both = union(select(soon.subquery().c.id), select(before.subquery().c.id)).subquery()
    return select(both.c.id).limit(most).subquery()


def _is_of(connection: Connection, on: Holding) -> ColumnElement[bool]:
    """Whether a row of `event` is covered."""
    match on:
        case HoldEvent(event=number):
            return event.c.id == number
        case HoldCamera(camera=camera, span=span):
            return and_(event.c.camera == camera, *_in(span))
        case HoldDepartment(department=department, span=span):
            within = DepartmentTree(connection).within(department)
            return and_(event.c.department.in_(sorted(within)), *_in(span))
        case other:
            assert_never(other)


def _in(span: HoldSpan) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if span.from_at is not None:
        found.append(func.coalesce(event.c.ended_at, event.c.last_seen_at) >= span.from_at)
    if span.until_at is not None:
        found.append(event.c.id < _first_from(span.until_at))
    return found


def _first_from(at: datetime) -> EventId:
    return EventId(0) if at <= EVENT_EPOCH else lowest_id(min(at, _THE_END))


def _within(at: datetime) -> datetime:
    return min(max(at, EVENT_EPOCH), _THE_END)
