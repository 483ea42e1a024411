"""A city in which two departments have cameras, events and pictures, and those who ask for them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Connection, insert, select, update

from core.access import ApiKeyId, PersonId, Right, Role
from core.box import Point
from core.camera import DepartmentId
from core.ids import CameraId, EventId
from core.line import Direction, LineId
from core.zone import Polygon, ZoneId
from events.media.table import MediaKind
from registry import cameras, departments, lines, zones
from registry.access import api_keys, people
from registry.access.grant import GrantId, GrantState, with_included
from registry.access.tables import access_grant
from registry.access.version import raise_access_version
from registry.audit.tables import audit_department, audit_row
from tests.support import builders
from tests.system.api.conftest import CLIP, PICTURE, SETTINGS, City, a_city, an_event

TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))
_NUMBERS = count(1)


@dataclass(frozen=True)
class Part:
    """What one department has."""

    department: DepartmentId
    camera: CameraId
    zone: ZoneId
    line: LineId
    event: EventId
    """With a snapshot and an original clip."""


@dataclass(frozen=True)
class TwoDepartments:
    """Two departments and their city."""

    city: City
    water: Part
    rail: Part

    def client(self, role: Role, department: DepartmentId | None) -> httpx2.Client:
        """Somebody who asks with a key of that role."""
        return self.client_and_key(role, department)[0]

    def client_and_key(self, role: Role, department: DepartmentId | None) -> tuple[httpx2.Client, ApiKeyId]:
        at = self.city.services.clock.now()
        name = f"{role.value} {next(_NUMBERS)}"
        with self.city.services.database.write() as connection:
            key, text = api_keys.add(connection, name=name, role=role, department=department, made_by=None, at=at)
        bearer = {"Authorization": f"Bearer {text}"}
        client = httpx2.Client(base_url=f"{self.city.server.url}/api/v1", timeout=10, trust_env=False, headers=bearer)
        return client, key.id

    def grant(
        self,
        part: Part,
        to: DepartmentId,
        *rights: Right,
        history: bool = True,
        on_camera: bool = False,
        until: datetime | None = None,
    ) -> GrantId:
        """Approved rights on what `part` has."""
        at = self.city.services.clock.now()
        with self.city.services.database.write() as connection:
            number = connection.execute(
                insert(access_grant)
                .values(
                    owner=part.department,
                    on_department=None if on_camera else part.department,
                    on_camera=part.camera if on_camera else None,
                    to_department=to,
                    rights=json.dumps(sorted(right.value for right in with_included(rights))),
                    from_at=at - timedelta(hours=1),
                    until_at=until,
                    history=history,
                    purpose="the flood of May",
                    state=GrantState.APPROVED.value,
                    asked_by=_somebody(connection, at),
                    asked_at=at,
                    decided_at=at,
                )
                .returning(access_grant.c.id)
            ).scalar_one()
            raise_access_version(connection)
        return GrantId(number)

    def revoke(self, grant: GrantId) -> None:
        with self.city.services.database.write() as connection:
            revoked = update(access_grant).where(access_grant.c.id == grant)
            connection.execute(revoked.values(state=GrantState.REVOKED.value))
            raise_access_version(connection)

    def write(self, part: Part, n: int) -> EventId:
        """One more event of `part`, which starts now."""
        [written] = self.city.write(builders.an_event(n, camera=part.camera, at=self.city.services.clock.now()))
        return written

    def recorded(self, act: str, key: ApiKeyId) -> list[dict[str, Any]]:
        """What is on record of an act by that key, oldest first; `departments` beside it, `detail` read."""
        with self.city.services.database.read() as connection:
            wanted = select(audit_row).where(audit_row.c.act == act, audit_row.c.actor == key)
            rows = [dict(row._mapping) for row in connection.execute(wanted.order_by(audit_row.c.id))]
            for row in rows:
                of_row = select(audit_department.c.department).where(audit_department.c.row == row["id"])
                row["departments"] = set(connection.scalars(of_row))
                row["detail"] = json.loads(row["detail"])
        return rows


def _somebody(connection: Connection, at: datetime) -> PersonId:
    """Who asked for a grant."""
    login = f"of.the.city.{next(_NUMBERS)}"
    return people.add(connection, login=login, name="Li Wei", role=Role.CITY_ADMIN, department=None, at=at).id


def _part(city: City, name: str, n: int) -> Part:
    with city.services.database.write() as connection:
        department = departments.add(connection, name=name).id
        camera = cameras.add(connection, name=f"{name} camera", department=department).id
        zone = zones.add(connection, camera, name=f"{name} gate", polygon=TRIANGLE).id
        line = lines.add(connection, camera, name=f"{name} line", start=Point(0, 0.5), end=Point(1, 0.5)).id
    [event] = city.write(
        replace(an_event(n, camera=camera, ended=True), zone=zone, line=line, direction=Direction.LEFT_TO_RIGHT)
    )
    city.keep(event, MediaKind.SNAPSHOT, PICTURE)
    city.keep(event, MediaKind.ORIGINAL, CLIP)
    return Part(department, camera, zone, line, event)


@contextmanager
def two_departments(folder: Path) -> Iterator[TwoDepartments]:
    """Two departments, beside the one that has all other cameras of the city."""
    with a_city(folder, SETTINGS) as city:
        yield TwoDepartments(city, _part(city, "Water", 10), _part(city, "Rail", 20))
