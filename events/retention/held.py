"""What must not be removed now: the holds in force, as whoever removes something and whoever shows it asks them.

Whoever takes or releases a hold, and whoever marks something for removal, calls `lock_holds` first, in the transaction
in which it does so: what was there when a hold began is there afterwards. Who releases one calls `marks.let_go`, too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnCollection,
    ColumnElement,
    Connection,
    and_,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, EVENT_EPOCH, CameraId, EventId, event_camera, event_time
from registry.access.department_tree import DepartmentTree
from registry.alone import be_alone
from registry.chunks import in_chunks
from registry.columns import to_microseconds
from registry.tables import department

from ..index.tables import event as event_table
from .tables import legal_hold

Span: TypeAlias = tuple[datetime, datetime]
"""From a moment, until another one (which is not part of it); UTC."""

ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
FOR_EVER: Final = datetime.max.replace(tzinfo=UTC)
_LOCK: Final = 0x5368_4579_0006
_EPOCH_US: Final = to_microseconds(EVENT_EPOCH)


def lock_holds(connection: Connection) -> None:
    """Be the only one who takes holds or marks something for removal, until the end of the transaction."""
    be_alone(connection, _LOCK)


@dataclass(frozen=True, slots=True)
class Held:
    """The holds in force at a moment. An event within a span is one that was going on in it."""

    events: frozenset[EventId] = frozenset()
    """Those that are held by themselves."""
    cameras: dict[CameraId, list[Span]] = field(default_factory=dict)
    departments: dict[DepartmentId, list[Span]] = field(default_factory=dict)
    """With those below them."""
    event_spans: dict[CameraId, list[Span]] = field(default_factory=dict)
    """When the events of `events` were going on."""
    releases: int = 0
    """How many holds had been released: where there are more now, something may go that was held."""

    @property
    def is_nothing(self) -> bool:
        """Whether there is no hold."""
        return not (self.events or self.cameras or self.departments)

    def has(self, event: EventId, camera: CameraId, department: DepartmentId, last_at: datetime | None = None) -> bool:
        """Whether an event is held, with its media. `last_at`: until when it went on, or was last seen; None: as long
        as its start."""
        if event in self.events:
            return True
        spans = [*self.cameras.get(camera, ()), *self.departments.get(department, ())]
        if not spans:
            return False
        began_at = event_time(event)
        over_at = began_at if last_at is None else max(began_at, last_at)
        return any(began_at < until_at and over_at >= from_at for from_at, until_at in spans)

    def track_spans(self, camera: CameraId, departments: Iterable[DepartmentId]) -> list[Span]:
        """The times of which the tracks of `camera`, which belongs or belonged to these departments, are held."""
        spans = [*self.cameras.get(camera, ()), *self.event_spans.get(camera, ())]
        for one in departments:
            spans += self.departments.get(one, ())
        return sorted(spans)


def held(connection: Connection) -> Held:
    """The holds that are in force now."""
    released = releases(connection)  # first: what is released meanwhile counts as released later
    now = in_force(connection)
    return replace(now, event_spans=_when(connection, now.events), releases=released)


def in_force(connection: Connection) -> Held:
    """The holds that are in force now, with neither `event_spans` nor `releases`."""
    known = select(legal_hold).where(legal_hold.c.released_at.is_(None)).order_by(legal_hold.c.id)
    cameras: defaultdict[CameraId, list[Span]] = defaultdict(list)
    departments: defaultdict[DepartmentId, list[Span]] = defaultdict(list)
    events: set[EventId] = set()
    tree: DepartmentTree | None = None
    for row in connection.execute(known).all():
        span = row.from_at or ALWAYS, row.until_at or FOR_EVER
        if row.event is not None:
            events.add(EventId(row.event))
        elif row.camera is not None:
            cameras[CameraId(row.camera)].append(span)
        elif row.on_department is not None:
            tree = tree or DepartmentTree(connection)
            for number in tree.within(DepartmentId(row.on_department)):
                departments[number].append(span)
    return Held(frozenset(events), dict(cameras), dict(departments))


def releases(connection: Connection) -> int:
    """How many holds have been released so far."""
    released = select(func.count()).select_from(legal_hold).where(legal_hold.c.released_at.is_not(None))
    return int(connection.execute(released).scalar_one())


def is_held(columns: ColumnCollection[str, ColumnElement[Any]]) -> ColumnElement[bool]:
    """Whether an event is held, as a condition on the columns of `event` (or of an alias of it): for counting."""
    hold = legal_hold.alias("hold")
    in_force = hold.c.released_at.is_(None)
    began_us = (columns["id"].op(">>")(literal(CAMERA_BITS))) * 1000 + _EPOCH_US
    over_us = type_coerce(func.coalesce(columns["ended_at"], columns["last_seen_at"]), BigInteger)
    from_us, until_us = type_coerce(hold.c.from_at, BigInteger), type_coerce(hold.c.until_at, BigInteger)
    in_span = and_(
        or_(hold.c.from_at.is_(None), over_us >= from_us), or_(hold.c.until_at.is_(None), began_us < until_us)
    )
    covered = (
        select(hold.c.id.label("hold"), hold.c.on_department.label("department"))
        .where(in_force, hold.c.on_department.is_not(None))
        .cte("covered", recursive=True)
    )
    covered = covered.union(
        select(covered.c.hold, department.c.id).join(covered, department.c.parent == covered.c.department)
    )
    by_itself = columns["id"].in_(select(hold.c.event).where(in_force, hold.c.event.is_not(None)))
    by_camera = select(hold.c.id).where(in_force, hold.c.camera == columns["camera"], in_span).exists()
    by_department = (
        select(hold.c.id)
        .join(covered, covered.c.hold == hold.c.id)
        .where(covered.c.department == columns["department"], in_span)
        .exists()
    )
    return or_(by_itself, by_camera, by_department)


def _when(connection: Connection, events: Collection[EventId]) -> dict[CameraId, list[Span]]:
    """When these events were going on; those that never were are held all the same, should they come."""
    found: defaultdict[CameraId, list[Span]] = defaultdict(list)
    over_at = event_table.c.id, event_table.c.last_seen_at, event_table.c.ended_at
    for chunk in in_chunks(sorted(events)):
        for row in connection.execute(select(*over_at).where(event_table.c.id.in_(chunk))):
            number = EventId(row.id)
            found[event_camera(number)].append((event_time(number), row.ended_at or row.last_seen_at))
    return dict(found)
