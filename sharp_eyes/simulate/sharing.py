"""Grants of a simulated city: what its departments share, for benchmarks."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select

from core.access import Right, Role
from core.camera import DepartmentId
from core.ids import CameraId
from registry.access import people
from registry.access.grant import GrantState, with_included
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.tables import camera, department

_RIGHTS: Final = json.dumps(sorted(right.value for right in with_included({Right.MEDIA})))


def camera_numbers(connection: Connection) -> list[CameraId]:
    """All cameras, in the order of their numbers."""
    return [CameraId(number) for number in connection.scalars(select(camera.c.id).order_by(camera.c.id))]


def smallest_department(connection: Connection) -> DepartmentId:
    """A department that has no other below it, with the fewest cameras."""
    above = select(department.c.parent).where(department.c.parent.is_not(None))
    cameras = (
        select(department.c.id)
        .outerjoin(camera, camera.c.department == department.c.id)
        .where(department.c.id.not_in(above))
        .group_by(department.c.id)
        .order_by(func.count(camera.c.id), department.c.id)
        .limit(1)
    )
    return DepartmentId(connection.execute(cameras).scalar_one())


def largest_department(connection: Connection) -> DepartmentId:
    """The department that has the most cameras of its own."""
    cameras = func.count(camera.c.id)
    found = select(camera.c.department).group_by(camera.c.department).order_by(cameras.desc(), camera.c.department)
    return DepartmentId(connection.execute(found.limit(1)).scalar_one())


def owners_of(connection: Connection) -> dict[CameraId, DepartmentId]:
    """Whose each camera is."""
    return {
        CameraId(row.id): DepartmentId(row.department)
        for row in connection.execute(select(camera.c.id, camera.c.department))
    }


def grant_cameras(connection: Connection, cameras: Iterable[CameraId], to: DepartmentId, at: datetime) -> None:
    """An approved grant of the city for each of `cameras`, with all their history."""
    login = f"grants.{at:%Y%m%d%H%M%S%f}"
    asked_by = people.add(connection, login=login, name="Grants", role=Role.CITY_ADMIN, department=None, at=at).id
    grant = {
        "to_department": to,
        "rights": _RIGHTS,
        "from_at": at,
        "history": True,
        "purpose": "a benchmark",
        "state": GrantState.APPROVED.value,
        "asked_by": asked_by,
        "asked_at": at,
        "decided_at": at,
    }
    connection.execute(insert(access_grant), [{**grant, "on_camera": number} for number in cameras])
    raise_access_version(connection)
