"""Departments: who owns cameras."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, Row, insert, select

from core.camera import DepartmentId
from core.errors import NotFound

from .names import check_name
from .tables import department
from .taken import conflict_if_taken
from .version import raise_version

DEFAULT: Final = DepartmentId(1)
"""The department that every database begins with."""


class Sector(StrEnum):
    """Which part of the city's life a department serves: its kind."""

    EDUCATION = "education"
    URBAN_MANAGEMENT = "urban_management"
    WATER = "water"
    HEALTH = "health"
    SCENIC_AREA = "scenic_area"
    RAIL_TRANSIT = "rail_transit"
    BRIDGES_AND_TUNNELS = "bridges_and_tunnels"
    VENUE = "venue"
    COMMUNITY = "community"
    SOCIAL_UNIT = "social_unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Department:
    """An owner of cameras."""

    id: DepartmentId
    name: str
    kind: Sector


def add(connection: Connection, *, name: str, kind: Sector = Sector.OTHER) -> Department:
    """A new department. Raises `BadInput` for a bad name, `Conflict` for a taken one."""
    name = check_name(name, "a department")
    with conflict_if_taken(connection, f"there is a department {name!r} already"):
        statement = insert(department).values(name=name, kind=kind.value).returning(department.c.id)
        number = connection.execute(statement).scalar_one()
    raise_version(connection)
    return Department(DepartmentId(number), name, kind)


def get(connection: Connection, number: DepartmentId) -> Department:
    """The department of that number. Raises `NotFound`."""
    row = connection.execute(select(department).where(department.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no department {number}")
    return _department(row)


def list_departments(connection: Connection) -> list[Department]:
    """All departments, by number."""
    return [_department(row) for row in connection.execute(select(department).order_by(department.c.id))]


def _department(row: Row[tuple[object, ...]]) -> Department:
    return Department(DepartmentId(row.id), row.name, Sector(row.kind))
