"""Two departments with people and cameras, who ask each other for grants."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from core.access import Principal, Right, Role
from core.camera import DepartmentId
from core.ids import CameraId
from registry import cameras, departments
from registry.access import grant_asking, grant_deciding, people
from registry.access.grant import Grant, OnDepartment, ToDepartment
from registry.access.grant_asking import Wish
from registry.departments import Sector

from .builders import START


@dataclass
class Neighbours:
    """Water (with rivers below it) and rail, each with a camera, an admin and an operator; and two city admins."""

    connection: Connection
    water: DepartmentId
    rivers: DepartmentId
    rail: DepartmentId
    weir: CameraId
    """Of rivers."""
    platform: CameraId
    """Of rail."""
    people: dict[str, Principal] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Principal:
        return self.people[login]

    def join(self, login: str, role: Role, department: DepartmentId | None) -> Principal:
        """Somebody more."""
        added = people.add(self.connection, login=login, name=login.title(), role=role, department=department, at=START)
        self.people[login] = people.principal_of(added)
        return self.people[login]

    def ask(self, login: str = "rail.operator", at: datetime = START, **wish: Any) -> Grant:
        """Rail asks for pictures of water's cameras, unless said otherwise."""
        usual: dict[str, Any] = {
            "on": OnDepartment(self.water),
            "to": ToDepartment(self.rail),
            "rights": frozenset({Right.MEDIA}),
            "purpose": "flood drill",
        }
        return grant_asking.ask(self.connection, self[login], Wish(**usual | wish), at)

    def approve(self, grant: Grant, login: str = "water.admin", at: datetime = START) -> Grant:
        return grant_deciding.approve(self.connection, grant.id, self[login], "", at)

    def granted(self, at: datetime = START, **wish: Any) -> Grant:
        """Asked for and approved at once."""
        return self.approve(self.ask(at=at, **wish), at=at)


def neighbours(connection: Connection) -> Neighbours:
    """Two departments that know nothing of each other yet."""
    water = departments.add(connection, name="Water", kind=Sector.WATER).id
    rivers = departments.add(connection, name="Rivers", kind=Sector.WATER, parent=water).id
    rail = departments.add(connection, name="Rail", kind=Sector.RAIL_TRANSIT).id
    weir = cameras.add(connection, name="weir", department=rivers).id
    platform = cameras.add(connection, name="platform", department=rail).id
    found = Neighbours(connection, water, rivers, rail, weir, platform)
    for login, role, department in (
        ("water.admin", Role.DEPARTMENT_ADMIN, water),
        ("water.operator", Role.OPERATOR, water),
        ("rail.admin", Role.DEPARTMENT_ADMIN, rail),
        ("rail.operator", Role.OPERATOR, rail),
        ("rail.viewer", Role.VIEWER, rail),
        ("rail.auditor", Role.AUDITOR, rail),
        ("city.admin", Role.CITY_ADMIN, None),
        ("city.deputy", Role.CITY_ADMIN, None),
        ("city.auditor", Role.AUDITOR, None),
    ):
        found.join(login, role, department)
    return found
