"""What grants name, in the words of today."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.access import PersonId
from core.camera import DepartmentId
from core.ids import CameraId

from .. import regions
from ..chunks import in_chunks
from ..owners import owners_now
from ..tables import camera, department
from . import people
from .department_tree import DepartmentTree
from .grant import Grant, OnCamera, OnDepartment, OnRegion, Receiver, Subject, ToDepartment, ToPerson


@dataclass(frozen=True, slots=True)
class GrantNames:
    """The names of all that some grants name, by number or code."""

    departments: dict[DepartmentId, str]
    cameras: dict[CameraId, str]
    """Those of removed ones too; not of those that belong to somebody else by now."""
    regions: dict[str, str]
    people: dict[PersonId, str]


def names_for(connection: Connection, grants: Collection[Grant]) -> GrantNames:
    """The names that it takes to show `grants`."""
    found = names_in(connection, [grant.on for grant in grants], [grant.to for grant in grants])
    owners = {grant.owner for grant in grants if grant.owner is not None}
    by = {grant.asked_by for grant in grants}
    for grant in grants:
        by |= {end.by for end in (grant.decided, grant.ended) if end is not None and end.by is not None}
    found.departments.update(_departments(connection, owners))
    found.people.update(_people(connection, by))
    for number in set(found.cameras) - _still_owned(connection, grants):
        del found.cameras[number]
    return found


def _still_owned(connection: Connection, grants: Collection[Grant]) -> set[CameraId]:
    """The cameras that `grants` are on of which who grants has not let go: how another owner calls one is not for those
    whom that grant concerns."""
    on = [(grant.on.camera, grant.owner) for grant in grants if isinstance(grant.on, OnCamera)]
    if not on:
        return set()
    tree, owned = DepartmentTree(connection), owners_now(connection, {number for number, _ in on})
    return {number for number, owner in on if owner is None or owned[number] in tree.within(owner)}


def names_in(connection: Connection, on: Collection[Subject], to: Collection[Receiver]) -> GrantNames:
    """The names of what is named there."""
    departments = {one.department for one in on if isinstance(one, OnDepartment)}
    departments |= {one.department for one in to if isinstance(one, ToDepartment)}
    cameras: dict[CameraId, str] = {}
    for chunk in in_chunks({one.camera for one in on if isinstance(one, OnCamera)}):
        rows = connection.execute(select(camera.c.id, camera.c.name).where(camera.c.id.in_(chunk)))
        cameras |= {CameraId(row.id): row.name for row in rows}
    codes: dict[str, str] = {}
    for several in in_chunks({one.region for one in on if isinstance(one, OnRegion)}):
        codes |= regions.names_of(connection, several)
    named = {one.person for one in to if isinstance(one, ToPerson)}
    return GrantNames(_departments(connection, departments), cameras, codes, _people(connection, named))


def _departments(connection: Connection, numbers: Collection[DepartmentId]) -> dict[DepartmentId, str]:
    found: dict[DepartmentId, str] = {}
    for chunk in in_chunks(numbers):
        rows = connection.execute(select(department.c.id, department.c.name).where(department.c.id.in_(chunk)))
        found |= {DepartmentId(row.id): row.name for row in rows}
    return found


def _people(connection: Connection, numbers: Collection[PersonId]) -> dict[PersonId, str]:
    found: dict[PersonId, str] = {}
    for chunk in in_chunks(numbers):
        found |= people.names_of(connection, chunk)
    return found
