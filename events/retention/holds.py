"""Holds: taken, released, and found by whom they concern."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, true, update

from core.camera import DepartmentId
from core.errors import Conflict, Hidden, NotFound
from core.ids import CameraId, EventId
from registry.access.version import raise_access_version
from registry.owners import owners_now
from registry.page import Page
from registry.tables import camera as cameras
from registry.tables import department as departments
from registry.tables import former_owner

from ..index.tables import event as events
from .held import lock_holds
from .hold import Hold, HoldCamera, HoldDepartment, HoldEvent, HoldId, Holding, checked_name, checked_reason
from .hold_rows import hold_of, target_values
from .marks import let_go
from .tables import legal_hold

MOST_IN_FORCE: Final = 2_000
"""All that are in force are read whenever events are shown or removed."""
MOST_OF_A_DEPARTMENT: Final = 500
_LONGEST_WHO: Final = 128
_IN_FORCE: Final = legal_hold.c.released_at.is_(None)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom holds must concern to be seen: one of these departments. `None` in place of it: whomever."""

    departments: frozenset[DepartmentId]
    above: frozenset[DepartmentId]
    """Those above them: a hold on one of these is on them, too."""


@dataclass(frozen=True, slots=True)
class HoldFilter:
    """Which holds are asked for; None: whichever."""

    in_force: bool | None = True
    event: EventId | None = None
    camera: CameraId | None = None
    """On this camera by itself."""
    department: DepartmentId | None = None
    """On this department by itself."""


ALL: Final = HoldFilter(in_force=None)
IN_FORCE: Final = HoldFilter()


def take(
    connection: Connection,
    on: Holding,
    *,
    name: str,
    reason: str,
    owner: DepartmentId | None,
    by: str,
    at: datetime,
) -> Hold:
    """Hold `on` from now on. What is there now is there for as long as the hold is in force: whoever removes something
    marks it first, and nothing is marked between this and the end of the transaction.

    Raises `NotFound` where there is no such thing, `BadInput` for a name or a reason that is none, `Conflict` where
    there are as many holds as there may be.
    """
    name, reason = checked_name(name), checked_reason(reason, "the reason", field="reason")
    lock_holds(connection)
    owner_of(connection, on)
    _check_room(connection, owner)
    values = {"name": name, "reason": reason, "department": owner, "made_by": by[:_LONGEST_WHO], "made_at": at}
    statement = insert(legal_hold).values({**values, **target_values(on)}).returning(*legal_hold.c)
    taken = hold_of(connection.execute(statement).one())
    raise_access_version(connection)  # what is shown as held is kept until it changes
    return taken


def release(connection: Connection, number: HoldId, *, why: str, by: str, at: datetime) -> Hold:
    """End a hold: what it kept, and nothing else keeps, goes when its time is over. The hold stays to be read.

    Raises `NotFound`, `BadInput` for a reason that is none, `Conflict` where it was released before.
    """
    why = checked_reason(why, "why it is released", field="why")
    lock_holds(connection)
    found = get(connection, number)
    ends = {"released_by": by[:_LONGEST_WHO], "released_at": at, "released_why": why}
    is_it = legal_hold.c.id == number, _IN_FORCE
    row = connection.execute(update(legal_hold).where(*is_it).values(ends).returning(*legal_hold.c)).one_or_none()
    if row is None:
        ended = f" by {found.release.by}" if found.release else ""
        raise Conflict(f"hold {number} was released already{ended}")
    raise_access_version(connection)
    let_go(connection, number)
    return hold_of(row)


def get(connection: Connection, number: HoldId, seen_by: Concerned | None = None) -> Hold:
    """The hold of that number. Raises `NotFound`, and `Hidden` in the same words where it does not concern `seen_by`
    (None: nobody in particular)."""
    is_seen = concerns(seen_by).label("is_seen")
    row = connection.execute(select(legal_hold, is_seen).where(legal_hold.c.id == number)).one_or_none()
    told = f"there is no hold {number}"
    if row is None:
        raise NotFound(told)
    if not row.is_seen:
        raise Hidden(told, kind="hold", number=str(number), department=row.department)
    return hold_of(row)


def list_holds(
    connection: Connection,
    *,
    asked: HoldFilter = IN_FORCE,
    seen_by: Concerned | None = None,
    cursor: HoldId | None = None,
    limit: int = 100,
) -> Page[Hold, HoldId]:
    """Holds, the newest first, before `cursor`."""
    columns = legal_hold.c
    statement = select(legal_hold).where(concerns(seen_by)).order_by(columns.id.desc()).limit(limit + 1)
    if asked.in_force is not None:
        statement = statement.where(_IN_FORCE if asked.in_force else columns.released_at.is_not(None))
    for column, value in (
        (columns.event, asked.event),
        (columns.camera, asked.camera),
        (columns.on_department, asked.department),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if cursor is not None:
        statement = statement.where(columns.id < cursor)
    found = [hold_of(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def owner_of(connection: Connection, on: Holding) -> DepartmentId:
    """Whose it is: the event by its time, the camera (a removed one, too) now. Raises `NotFound`."""
    match on:
        case HoldEvent(event=event):
            owner = connection.execute(select(events.c.department).where(events.c.id == event)).scalar_one_or_none()
            told = f"there is no event {event}"
        case HoldCamera(camera=camera):
            owner = owners_now(connection, {camera}).get(camera)
            told = f"there is no camera {camera}"
        case HoldDepartment(department=department):
            there = select(departments.c.id).where(departments.c.id == department)
            owner = connection.execute(there).scalar_one_or_none()
            told = f"there is no department {department}"
        case other:
            assert_never(other)
    if owner is None:
        raise NotFound(told)
    return DepartmentId(owner)


def concerned_by(connection: Connection, hold: Hold) -> frozenset[DepartmentId]:
    """The departments that a hold concerns by themselves: whose it is, and whose thing it is on, while that is there.
    Those below and above them see it through them."""
    found = {hold.owner}
    with suppress(NotFound):  # an event that went after the hold on it was released
        found.add(owner_of(connection, hold.on))
    return frozenset(number for number in found if number is not None)


def concerns(whom: Concerned | None) -> ColumnElement[bool]:
    """Whether a row of `legal_hold` concerns one of these departments: as its own hold, or as a hold on what is, or
    was, theirs."""
    if whom is None:
        return true()
    columns, theirs = legal_hold.c, sorted(whom.departments)
    owned = select(cameras.c.id).where(cameras.c.department.in_(theirs), cameras.c.id == columns.camera)
    was_owned = select(former_owner.c.camera).where(
        former_owner.c.department.in_(theirs), former_owner.c.camera == columns.camera
    )
    happened = select(events.c.id).where(events.c.id == columns.event, events.c.department.in_(theirs))
    return or_(
        columns.department.in_(theirs),
        columns.on_department.in_(sorted(whom.departments | whom.above)),
        owned.exists(),
        was_owned.exists(),
        happened.exists(),
    )


def _check_room(connection: Connection, owner: DepartmentId | None) -> None:
    counted = select(func.count()).select_from(legal_hold).where(_IN_FORCE)
    hint = "release one that is not needed any more, or hold a camera or a department for a time instead of each event"
    if connection.execute(counted).scalar_one() >= MOST_IN_FORCE:
        raise Conflict(f"{MOST_IN_FORCE} holds are in force already", hint=hint)
    if owner is None:
        return
    if connection.execute(counted.where(legal_hold.c.department == owner)).scalar_one() >= MOST_OF_A_DEPARTMENT:
        raise Conflict(f"department {owner} has {MOST_OF_A_DEPARTMENT} holds in force already", hint=hint)
