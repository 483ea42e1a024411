"""Quotas: how many bytes of pictures and clips a department may have, without those below it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, NotFound
from registry import departments

from .tables import department_quota

FEWEST_BYTES: Final = 1_000_000
MOST_BYTES: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Quota:
    """How many bytes a department may have."""

    department: DepartmentId
    bytes: int
    revision: int
    """Counts its changes: what an `ETag` shows."""
    changed_at: datetime


def list_quotas(connection: Connection) -> list[Quota]:
    """All quotas, by department."""
    return [_quota(row) for row in connection.execute(select(department_quota).order_by(department_quota.c.department))]


def find(connection: Connection, department: DepartmentId) -> Quota | None:
    """The quota of a department, if it has one of its own."""
    row = connection.execute(select(department_quota).where(department_quota.c.department == department)).one_or_none()
    return None if row is None else _quota(row)


def put(connection: Connection, department: DepartmentId, size: int, at: datetime) -> Quota:
    """Let a department have so many bytes. Where nothing is different nothing happens.

    Raises `NotFound` for a department that does not exist, `BadInput` outside a megabyte to an exabyte.
    """
    departments.check_exists(connection, department)
    if not FEWEST_BYTES <= size <= MOST_BYTES:
        raise BadInput(f"a quota is {FEWEST_BYTES} to {MOST_BYTES} bytes, not {size}", field="bytes")
    before = find(connection, department)
    if before is None:
        values = {"department": department, "bytes": size, "revision": 1, "changed_at": at}
        connection.execute(insert(department_quota).values(values))
        return Quota(department, size, 1, at)
    if before.bytes == size:
        return before
    after = replace(before, bytes=size, revision=before.revision + 1, changed_at=at)
    changed: dict[str, Any] = {"bytes": size, "revision": after.revision, "changed_at": at}
    connection.execute(update(department_quota).where(department_quota.c.department == department).values(changed))
    return after


def remove(connection: Connection, department: DepartmentId) -> None:
    """Take a department's quota away: that of the settings counts, if there is one. Raises `NotFound`."""
    if not connection.execute(delete(department_quota).where(department_quota.c.department == department)).rowcount:
        raise NotFound(f"department {department} has no quota of its own")


def _quota(row: Row[Any]) -> Quota:
    return Quota(DepartmentId(row.department), row.bytes, row.revision, row.changed_at)
