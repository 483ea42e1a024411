"""What is done on the machine itself goes on record as well: by whom may run its commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.access import MACHINE
from core.camera import DepartmentId
from registry.audit import entry as record
from registry.audit.entry import Act, Actor, Entry
from registry.idempotency import Transaction


def note(
    connection: Transaction,
    at: datetime,
    act: Act,
    kind: str,
    number: object = "",
    *,
    department: DepartmentId | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Put a change on record, in its own transaction."""
    departments = frozenset[DepartmentId]() if department is None else frozenset({department})
    record.put(
        connection,
        Entry(
            at=at,
            act=act,
            actor=Actor.of(MACHINE),
            address="",
            object_kind=kind,
            object=str(number),
            departments=departments,
            detail=detail or {},
        ),
    )
