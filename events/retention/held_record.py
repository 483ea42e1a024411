"""The rows of the record that holds keep: about a held event, or about a held camera or department in the time held.

A search is about the events that it showed, too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from core.ids import event_camera
from registry.access.department_tree import DepartmentTree
from registry.audit.tables import audit_department, audit_row, audit_seal
from registry.db import Database

from .held_searches import first_search
from .hold import Hold, HoldCamera, HoldDepartment, HoldEvent, HoldSpan
from .hold_rows import hold_of
from .tables import legal_hold


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that must stay, and with it all that were sealed after it."""

    place: int
    """In the chain."""
    hold: Hold
    """Which hold keeps it."""


def first_held_row(
    database: Database, upto: int, report: Callable[[int, int], None] = lambda done, of: None
) -> HeldRow | None:
    """The first sealed row, up to the place `upto`, that a hold in force keeps; None where none does. Of a large record
    it takes a while, since each search is read: no request asks it. `report` hears the place that was looked at."""
    in_force = select(legal_hold).where(legal_hold.c.released_at.is_(None)).order_by(legal_hold.c.id)
    first: HeldRow | None = None
    with database.read() as connection:
        held = [hold_of(row) for row in connection.execute(in_force).all()]
        for hold in held:
            place = _first_place(connection, hold)
            if place is not None and place <= upto and (first is None or place < first.place):
                first = HeldRow(place, hold)
    before = upto if first is None else first.place - 1
    search = first_search(database, [hold.on for hold in held], before, report)
    return first if search is None else HeldRow(search.place, held[search.nth])


def newest_hold(connection: Connection) -> int:
    """The number of the hold that was taken last, in force or not; 0 where there never was one. As long as it is the
    same no more rows must stay."""
    return int(connection.execute(select(func.coalesce(func.max(legal_hold.c.id), 0))).scalar_one())


def _first_place(connection: Connection, hold: Hold) -> int | None:
    row = audit_row.c
    statement = select(func.min(audit_seal.c.place)).join(audit_row, row.id == audit_seal.c.row)
    match hold.on:
        case HoldEvent(event=event):
            # The camera has an index; an event stands in the record beside its own.
            is_about = row.object_kind == "event", row.object == str(event)
            statement = statement.where(row.camera == event_camera(event), *is_about)
        case HoldCamera(camera=camera, span=span):
            statement = statement.where(row.camera == camera, *_in(span))
        case HoldDepartment(department=department, span=span):
            numbers = sorted(DepartmentTree(connection).within(department))
            touched = select(audit_department.c.row).where(audit_department.c.department.in_(numbers))
            statement = statement.where(row.id.in_(touched), *_in(span))
    found: int | None = connection.execute(statement).scalar_one()
    return found


def _in(span: HoldSpan) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if span.from_at is not None:
        found.append(audit_row.c.at >= span.from_at)
    if span.until_at is not None:
        found.append(audit_row.c.at < span.until_at)
    return found
