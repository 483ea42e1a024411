"""Who can see a camera, and by which way: the rules of `visibility.py`, asked from the camera's side."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from core.access import RIGHTS_AT_HOME, Role
from core.camera import DepartmentId
from core.ids import CameraId

from .access.department_tree import DepartmentTree
from .access.grant import Grant, GrantState, ToPerson, grant_of
from .access.grant_powers import RECEIVING
from .access.grants import receiver
from .access.home import rights_at_home
from .access.tables import access_grant
from .event_facts import EventFacts
from .tables import camera, region
from .way import CITY_ROLES, FACTS, Way, WayKind, Who, WhoKind, at_home, of_the_city, through


def viewers_of(connection: Connection, number: CameraId, facts: EventFacts, now: datetime) -> Iterator[tuple[Who, Way]]:
    """Everybody who sees the camera at `now`; of the camera as it is, not of what it was before it was moved."""
    row = connection.execute(select(camera.c.department, camera.c.region).where(camera.c.id == number)).one()
    owner, tree = DepartmentId(row.department), DepartmentTree(connection)
    for role in CITY_ROLES:
        yield Who(WhoKind.CITY, role=role), of_the_city(role)
    above = list(tree.with_above(owner))
    for department in above:
        for role in RIGHTS_AT_HOME:
            if role is not Role.CITY_ADMIN:
                yield Who(WhoKind.ROLE, department, role), at_home(rights_at_home(role, owner, tree))
    if facts is EventFacts.CITY:
        yield Who(WhoKind.EVERYBODY), Way(WayKind.FACTS, FACTS)
    elif facts is EventFacts.SECTOR:
        for department in sorted(tree.of_sector(tree.kinds[owner])):
            yield Who(WhoKind.DEPARTMENT, department), Way(WayKind.FACTS, FACTS)
    reaching = or_(
        access_grant.c.on_camera == number,
        access_grant.c.on_department.in_(above),
        access_grant.c.on_sector == tree.kinds[owner].value,
        access_grant.c.on_region.in_(_regions_around(connection, row.region)),
    )
    of_owner = or_(access_grant.c.owner.is_(None), access_grant.c.owner.in_(above))
    in_force = select(access_grant).where(in_force_at(now), reaching, of_owner).order_by(access_grant.c.id)
    for grant in map(grant_of, connection.execute(in_force).all()):
        if (who := _receiver(connection, grant)) is not None:
            yield who, through(grant)


def in_force_at(now: datetime) -> ColumnElement[bool]:
    """Which rows of `access_grant` are in force."""
    columns = access_grant.c
    is_not_over = or_(columns.until_at.is_(None), columns.until_at > now)
    return and_(columns.state == GrantState.APPROVED.value, columns.from_at <= now, is_not_over)


def _receiver(connection: Connection, grant: Grant) -> Who | None:
    """Whom it is made to; None where that is somebody who receives nothing any more."""
    if not isinstance(grant.to, ToPerson):
        if grant.to.role is not None and grant.to.role not in RECEIVING:
            return None
        kind = WhoKind.DEPARTMENT if grant.to.role is None else WhoKind.ROLE
        return Who(kind, grant.to.department, grant.to.role)
    found = receiver(connection, grant.to.person)
    if found is None or found.role is Role.AUDITOR:
        return None
    return Who(WhoKind.PERSON, person=grant.to.person)


def _regions_around(connection: Connection, code: str | None) -> list[str]:
    found = []
    while code is not None:
        found.append(code)
        code = connection.execute(select(region.c.parent).where(region.c.code == code)).scalar_one()
    return found
