"""Cameras: added, found, changed, removed, restored. A number is never given out twice."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from core.camera import Camera, CameraRecord, DepartmentId
from core.camera_facts import NO_FACTS, CameraFacts, check_facts
from core.errors import Conflict, NotFound
from core.ids import LAST_CAMERA, CameraId

from . import stream_states
from .access.version import raise_access_version
from .camera_conflicts import check_free
from .camera_rows import record_of, values_of
from .camera_sites import check_site, site_of
from .departments import DEFAULT
from .departments import check_exists as check_department
from .names import check_name
from .reach import EVERYTHING, Reach
from .server_clock import server_time
from .tables import camera, camera_counter, camera_crash, former_owner
from .taken import conflict_if_taken
from .version import raise_version

_ADD: Final = insert(camera)
_CHANGE: Final = update(camera).where(camera.c.id == bindparam("number")).values(revision=camera.c.revision + 1)
_LIVING: Final = select(camera).where(camera.c.id == bindparam("number"), camera.c.deleted_at.is_(None))
_COUNT_ON: Final = (
    update(camera_counter).values(last=camera_counter.c.last + bindparam("how_many")).returning(camera_counter.c.last)
)


def check_camera(
    connection: Connection,
    name: str,
    department: DepartmentId,
    facts: CameraFacts,
    *,
    before: CameraRecord | None = None,
    seen: Reach = EVERYTHING,
) -> tuple[str, CameraFacts]:
    """Name and facts in their one form, where the camera `before` (None: a new one) may have them. No camera is spoken
    of that is not `seen`.

    Raises `BadInput` for what cannot be, by itself or beside the registry's regions and places, and `Conflict` for what
    another camera has. That the department exists is not looked at.
    """
    name = check_name(name, "a camera")
    number = None if before is None else before.camera.id
    if before is None or facts != before.facts:
        facts = check_facts(facts)
        if before is None or site_of(facts) != site_of(before.facts):
            check_site(connection, number, facts, seen)
    check_free(connection, number, name, department, facts, seen)
    return name, facts


def add(
    connection: Connection,
    *,
    name: str,
    department: DepartmentId = DEFAULT,
    enabled: bool = True,
    facts: CameraFacts = NO_FACTS,
    seen: Reach = EVERYTHING,
) -> Camera:
    """A new camera; what is said of others goes by which are `seen`.

    Raises `BadInput` for a bad name or fact, `NotFound` for an unknown department, `Conflict` for a
    name, an own id or a code that another camera has, or when all numbers are used up."""
    raise_version(connection)  # first, as a lock: what is looked at here cannot be removed meanwhile
    check_department(connection, department)
    name, facts = check_camera(connection, name, department, facts, seen=seen)
    added = Camera(CameraId(take_numbers(connection, 1)[0]), name, department, enabled)
    values = values_of(name, facts)
    with conflict_if_taken(connection, _taken_meanwhile(name)):
        connection.execute(_ADD, {"id": added.id, "department": department, "enabled": enabled, **values})
    if facts.region is not None:
        raise_access_version(connection)  # grants on regions reach it from now on
    return added


def get(connection: Connection, number: CameraId) -> Camera:
    """The camera of that number. Raises `NotFound`, also when it was removed."""
    return record(connection, number).camera


def record(connection: Connection, number: CameraId) -> CameraRecord:
    """The camera of that number with all its facts. Raises `NotFound`, also when it was removed."""
    row = connection.execute(_LIVING, {"number": number}).one_or_none()
    if row is None:
        raise NotFound(f"there is no camera {number}")
    return record_of(row)


def change(
    connection: Connection,
    changed: Camera,
    at: datetime,
    *,
    facts: CameraFacts | None = None,
    seen: Reach = EVERYTHING,
) -> Camera:
    """Give the camera of that number the name, department and state of `changed`, and `facts` where they are given.
    What is said of others goes by which are `seen`; errors as for `add`. Where nothing is different nothing happens.

    Events that started before `at` stay with the department that owned it until then.
    """
    before = record(connection, changed.id)
    if changed.department != before.camera.department:
        check_department(connection, changed.department)
    wanted = before.facts if facts is None else facts
    name, wanted = check_camera(connection, changed.name, changed.department, wanted, before=before, seen=seen)
    after = replace(changed, name=name)
    if (after, wanted) == (before.camera, before.facts):
        return after
    if changed.department != before.camera.department:
        moved = insert(former_owner).values(camera=changed.id, until_at=at, department=before.camera.department)
        with conflict_if_taken(connection, f"camera {changed.id} was moved at this very moment already"):
            connection.execute(moved)
    with conflict_if_taken(connection, _taken_meanwhile(name)):
        values = {"department": changed.department, "enabled": changed.enabled, **values_of(name, wanted)}
        connection.execute(_CHANGE, {"number": changed.id, **values})
    if before.camera.enabled and not changed.enabled:
        stream_states.forget(connection, [changed.id], server_time(connection))
    if (changed.department, wanted.region) != (before.camera.department, before.facts.region):
        raise_access_version(connection)
    raise_version(connection)
    return after


def touch(connection: Connection, number: CameraId) -> None:
    """Count a change of what belongs to the camera's record and stands in tables of its own: streams, attention."""
    connection.execute(update(camera).where(camera.c.id == number).values(revision=camera.c.revision + 1))


def remove(connection: Connection, number: CameraId, at: datetime) -> None:
    """Remove a camera. Its streams, logins, rules, zones and lines stay for `restore`, and its events stay readable.

    Raises `NotFound`.
    """
    get(connection, number)
    stream_states.forget(connection, [number], server_time(connection))
    connection.execute(delete(camera_crash).where(camera_crash.c.camera == number))
    removed = update(camera).where(camera.c.id == number).values(deleted_at=at, revision=camera.c.revision + 1)
    connection.execute(removed)
    raise_version(connection)


def restore(connection: Connection, number: CameraId, *, seen: Reach = EVERYTHING) -> CameraRecord:
    """Bring a removed camera back with all that it had. What is said of others goes by which are `seen`.

    Raises `NotFound` where there never was such a camera, and `Conflict` where it was not removed, or where another
    camera has been given its name, own id or code meanwhile.
    """
    row = connection.execute(select(camera).where(camera.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no camera {number}, and there never was one")
    if row.deleted_at is None:
        raise Conflict(f"camera {number} was not removed")
    before = record_of(row)
    check_free(connection, number, before.camera.name, before.camera.department, before.facts, seen)
    with conflict_if_taken(connection, _taken_meanwhile(before.camera.name)):
        back = update(camera).where(camera.c.id == number).values(deleted_at=None, revision=camera.c.revision + 1)
        connection.execute(back)
    raise_version(connection)
    return replace(before, revision=before.revision + 1)


def count(connection: Connection) -> int:
    """How many cameras there are."""
    statement = select(func.count()).select_from(camera).where(camera.c.deleted_at.is_(None))
    return int(connection.execute(statement).scalar_one())


def take_numbers(connection: Connection, how_many: int) -> range:
    """Numbers for new cameras, never given out before. Raises `Conflict` when there are none left."""
    last = connection.execute(_COUNT_ON, {"how_many": how_many}).scalar_one()
    if last > LAST_CAMERA:
        raise Conflict(f"all {LAST_CAMERA} camera numbers have been given out, and none is used twice")
    return range(last - how_many + 1, last + 1)


def _taken_meanwhile(name: str) -> str:
    """What is said where another transaction was a moment faster than the check."""
    return f"another camera got the name {name!r}, the own id or the code at this very moment"
