"""How far the removal has come, by the events' owner, their kind and medium: what is looked for begins there.

A mark says that of all older events that medium is gone, or held. It may always stand too low: then something is looked
at once more. Where it would stand too high, it must be taken back.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import DepartmentId
from core.ids import EventId
from registry.access.department_tree import DepartmentTree
from registry.db import is_sqlite
from registry.tables import camera, former_owner

from ..index.tables import event as event_table
from ..media.kind import MediaKind
from .held import Held, lock_holds, releases
from .medium import Medium
from .tables import legal_hold, retention_mark

OTHERS: Final = 0
"""Stands for the kinds of event that are kept like most of their department."""

Lane = tuple[DepartmentId, int, Medium]
"""Whose events, of which kind (by its number, or `OTHERS`), and what is removed of them."""


def read(connection: Connection) -> dict[Lane, EventId]:
    """All marks."""
    return {
        (DepartmentId(row.department), int(row.kind), Medium(row.medium)): EventId(row.upto)
        for row in connection.execute(select(retention_mark))
    }


def put(connection: Connection, lane: Lane, upto: EventId) -> None:
    """Put a mark where the removal has come to."""
    department, kind, medium = lane
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(retention_mark).values(department=department, kind=kind, medium=medium.value, upto=upto)
    keys = [retention_mark.c.department, retention_mark.c.kind, retention_mark.c.medium]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_={"upto": statement.excluded.upto}))


def advance(connection: Connection, lane: Lane, upto: EventId, known: Held) -> bool:
    """Put a mark where a walk has come to that took `known` for held. False, and nothing done, where a hold was
    released since: what it held was passed over."""
    lock_holds(connection)
    if releases(connection) != known.releases:
        return False
    put(connection, lane, upto)
    return True


def remove(connection: Connection, lane: Lane) -> None:
    """Forget a mark: what it told of is looked through by another one."""
    department, kind, medium = lane
    is_it = retention_mark.c.department == department, retention_mark.c.kind == kind
    connection.execute(delete(retention_mark).where(*is_it, retention_mark.c.medium == medium.value))


def forget(connection: Connection, departments: Collection[DepartmentId] | None = None) -> None:
    """Let all be looked through again, of these departments or of the whole city."""
    statement = delete(retention_mark)
    if departments is not None:
        statement = statement.where(retention_mark.c.department.in_(sorted(departments)))
    connection.execute(statement)


def come_late(connection: Connection, event: EventId, kind: MediaKind) -> None:
    """Take the marks back that have passed over a medium of `event` which comes only now, say from the disk of a worker
    that was off for weeks. Whoever puts it on record calls this in that transaction."""
    owner = select(event_table.c.department).where(event_table.c.id == event).scalar_subquery()
    passed = retention_mark.c.department == owner, retention_mark.c.medium == kind.value, retention_mark.c.upto >= event
    connection.execute(update(retention_mark).where(*passed).values(upto=event - 1))


def let_go(connection: Connection, hold: int) -> None:
    """Take the marks back that the hold of this number let pass. Whoever releases it calls this in that transaction,
    before or after; it takes `lock_holds`."""
    lock_holds(connection)
    row = connection.execute(select(legal_hold).where(legal_hold.c.id == hold)).one()
    if row.event is not None:
        owner = select(event_table.c.department).where(event_table.c.id == row.event).scalar_subquery()
        passed = retention_mark.c.department == owner, retention_mark.c.upto >= row.event
        connection.execute(update(retention_mark).where(*passed).values(upto=row.event - 1))
        return
    # What began long before its time may be held, too: all is looked through once more.
    forget(connection, _owners(connection, row))


def _owners(connection: Connection, row: Row[tuple[object, ...]]) -> set[DepartmentId]:
    if row.on_department is not None:
        return set(DepartmentTree(connection).within(DepartmentId(row.on_department)))
    now = select(camera.c.department).where(camera.c.id == row.camera)
    before = select(former_owner.c.department).where(former_owner.c.camera == row.camera)
    return {DepartmentId(number) for number in connection.scalars(now.union(before))}
