"""Asking as somebody: keys of every role and department, and grants that are in force."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
from sqlalchemy import insert, select

from api.server import HttpServer
from core.access import ApiKeyId, Right, Role
from core.camera import DepartmentId
from core.ids import CameraId
from registry.access import api_keys
from registry.access.grant import with_included
from registry.access.tables import access_grant, person
from registry.access.version import raise_access_version
from tests.system.api.conftest import City


def a_client(server: HttpServer, key: str) -> httpx2.Client:
    """Signed in with that key; to be closed."""
    return httpx2.Client(base_url=server.url, timeout=10, trust_env=False, headers={"Authorization": f"Bearer {key}"})


def as_key(city: City, role: Role, department: int | None = None) -> tuple[City, ApiKeyId]:
    """The city as a new program of that role and department sees it, and the number of its key."""
    owner = None if department is None else DepartmentId(department)
    with city.services.database.write() as connection:
        made, text = api_keys.add(
            connection,
            name=f"{role.value} of {department}",
            role=role,
            department=owner,
            made_by=None,
            at=city.services.clock.now(),
        )
    return replace(city, client=a_client(city.server, text), key=text), made.id


def as_role(city: City, role: Role, department: int | None = None) -> City:
    """The city as a new program of that role and department sees it."""
    return as_key(city, role, department)[0]


def grant(
    city: City,
    to_department: int,
    *rights: Right,
    department: int | None = None,
    camera: int | None = None,
    until: datetime | None = None,
) -> int:
    """The city grants `rights` on all cameras of a department, or on one camera. Its number."""
    at = city.services.clock.now() - timedelta(seconds=1)
    with city.services.database.write() as connection:
        admin = connection.execute(select(person.c.id).limit(1)).scalar_one_or_none()
        if admin is None:
            of_city = {"login": "of-the-city", "name": "Of the city", "role": Role.CITY_ADMIN.value, "made_at": at}
            admin = connection.execute(insert(person).values(of_city).returning(person.c.id)).scalar_one()
        number = connection.execute(
            insert(access_grant)
            .values(
                on_department=None if department is None else DepartmentId(department),
                on_camera=None if camera is None else CameraId(camera),
                to_department=to_department,
                rights=json.dumps(sorted(right.value for right in with_included(rights))),
                from_at=at,
                until_at=until,
                purpose="a test",
                state="approved",
                asked_by=admin,
                asked_at=at,
                decided_at=at,
            )
            .returning(access_grant.c.id)
        ).scalar_one()
        raise_access_version(connection)
    return int(number)
