"""What stands in the record."""

import json
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from registry.audit.tables import audit_department, audit_row
from tests.system.api.conftest import City


@dataclass(frozen=True)
class Recorded:
    """A row of the record, with its departments."""

    act: str
    outcome: str
    actor: str
    kind: str
    object: str
    camera: int | None
    departments: Set[int]
    detail: dict[str, Any]


def rows_since(city: City, number: int) -> list[Recorded]:
    """What was recorded after the row of that number."""
    with city.services.database.read() as connection:
        rows = connection.execute(select(audit_row).where(audit_row.c.id > number).order_by(audit_row.c.id)).all()
        owners: dict[int, set[int]] = {row.id: set() for row in rows}
        for of in connection.execute(select(audit_department).where(audit_department.c.row > number)):
            owners[of.row].add(of.department)
    return [
        Recorded(
            row.act,
            row.outcome,
            f"{row.actor_kind} {row.actor}",
            row.object_kind,
            row.object,
            row.camera,
            frozenset(owners[row.id]),
            json.loads(row.detail),
        )
        for row in rows
    ]


def newest(city: City) -> int:
    """The number of the newest row."""
    with city.services.database.read() as connection:
        found = select(audit_row.c.id).order_by(audit_row.c.id.desc()).limit(1)
        return int(connection.execute(found).scalar_one_or_none() or 0)
