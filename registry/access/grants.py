"""Grants: found by who may see them, and whom they concern. What becomes of them is in the files beside this one."""

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy import Connection, select

from core.access import PersonId, Principal
from core.camera import DepartmentId
from core.errors import Hidden, NotFound
from core.ids import CameraId

from ..page import Page
from ..tables import camera
from . import people
from .department_tree import DepartmentTree
from .grant import (
    Grant,
    GrantId,
    GrantState,
    OnCamera,
    OnDepartment,
    OnRegion,
    OnSector,
    Receiver,
    ToDepartment,
    ToPerson,
    grant_of,
)
from .grant_powers import seen_by
from .tables import access_grant, person


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """Which grants are asked for; None: whatever it is."""

    state: GrantState | None = None
    owner: DepartmentId | None = None
    to_department: DepartmentId | None = None
    person: PersonId | None = None
    """To whom by number."""
    camera: CameraId | None = None
    """On which by number."""


ALL = GrantFilter()


def get(connection: Connection, number: GrantId) -> Grant:
    """The grant of that number. Raises `NotFound`."""
    row = connection.execute(select(access_grant).where(access_grant.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no grant {number}")
    return grant_of(row)


def get_seen(connection: Connection, number: GrantId, by: Principal, tree: DepartmentTree) -> Grant:
    """The grant of that number. Raises `NotFound`, and `Hidden` in the same words where `by` may not see it."""
    statement = select(access_grant, seen_by(by, tree).label("is_seen")).where(access_grant.c.id == number)
    row = connection.execute(statement).one_or_none()
    told = f"there is no grant {number}"
    if row is None:
        raise NotFound(told)
    if not row.is_seen:
        raise Hidden(told, kind="grant", number=str(number), department=row.owner)
    return grant_of(row)


def list_grants(
    connection: Connection,
    by: Principal,
    tree: DepartmentTree,
    *,
    asked: GrantFilter = ALL,
    cursor: GrantId | None = None,
    limit: int = 100,
) -> Page[Grant, GrantId]:
    """The grants that `by` may see, newest first, before `cursor`."""
    columns = access_grant.c
    statement = select(access_grant).where(seen_by(by, tree)).order_by(columns.id.desc()).limit(limit + 1)
    for column, value in (
        (columns.state, None if asked.state is None else asked.state.value),
        (columns.owner, asked.owner),
        (columns.to_department, asked.to_department),
        (columns.to_person, asked.person),
        (columns.on_camera, asked.camera),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if cursor is not None:
        statement = statement.where(columns.id < cursor)
    found = [grant_of(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def every(connection: Connection) -> list[Grant]:
    """All grants there are, newest first: for whoever runs the machine."""
    return [grant_of(row) for row in connection.execute(select(access_grant).order_by(access_grant.c.id.desc()))]


def receiver(connection: Connection, number: PersonId) -> Principal | None:
    """The person of that number as one who receives; None where there is none, or may not sign in any more."""
    try:
        found = people.get(connection, number)
    except NotFound:
        return None
    return people.principal_of(found) if found.disabled_at is None else None


def department_of(connection: Connection, to: Receiver) -> DepartmentId | None:
    """The department to which a receiver belongs, if there is one."""
    match to:
        case ToDepartment(department=number):
            return number
        case ToPerson(person=one):
            return connection.execute(select(person.c.department).where(person.c.id == one)).scalar_one_or_none()
        case other:
            assert_never(other)


def concerned(connection: Connection, grant: Grant) -> frozenset[DepartmentId]:
    """The departments that a change of `grant` concerns: whose cameras it is on, and who receives."""
    found = {grant.owner, department_of(connection, grant.to)}
    match grant.on:
        case OnDepartment(department=number):
            found.add(number)
        case OnCamera(camera=number):
            found.add(connection.execute(select(camera.c.department).where(camera.c.id == number)).scalar_one())
        case OnSector() | OnRegion():
            pass
        case other:
            assert_never(other)
    return frozenset(number for number in found if number is not None)
