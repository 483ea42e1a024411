"""What commands on the machine do to the database, on record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.access import MACHINE
from core.camera import DepartmentId
from core.ids import CameraId

from .entry import Act, Actor, Entry, put


def put_by_machine(
    connection: Connection,
    at: datetime,
    act: Act,
    kind: str,
    number: object = "",
    *,
    camera: CameraId | None = None,
    departments: Iterable[DepartmentId] = (),
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Put an act of this machine on record, in the transaction of what it tells of. The row's number."""
    return put(
        connection,
        Entry(
            at=at,
            act=act,
            actor=Actor.of(MACHINE),
            address="",
            object_kind=kind,
            object=str(number),
            camera=camera,
            departments=frozenset(departments),
            detail=detail or {},
        ),
    )
