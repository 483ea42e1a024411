"""Cameras: added, found, changed, removed. A number is never given out twice."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.camera import Camera, DepartmentId
from core.errors import Conflict, NotFound
from core.ids import LAST_CAMERA, CameraId

from .departments import DEFAULT
from .departments import get as get_department
from .names import check_name
from .tables import (
    camera,
    camera_attention,
    camera_counter,
    camera_crash,
    former_owner,
    line,
    rule,
    stream,
    stream_state,
    zone,
)
from .taken import conflict_if_taken
from .version import raise_version


def add(connection: Connection, *, name: str, department: DepartmentId = DEFAULT, enabled: bool = True) -> Camera:
    """A new camera. Raises `BadInput` for a bad name, `NotFound` for an unknown department, `Conflict` for a name that
    the department has given to another camera, or when all numbers are used up."""
    name = check_name(name, "a camera")
    get_department(connection, department)
    added = Camera(CameraId(take_numbers(connection, 1)[0]), name, department, enabled)
    with conflict_if_taken(connection, f"the department has a camera {name!r} already"):
        connection.execute(insert(camera).values(id=added.id, name=name, department=department, enabled=enabled))
    raise_version(connection)
    return added


def get(connection: Connection, number: CameraId) -> Camera:
    """The camera of that number. Raises `NotFound`, also when it was removed."""
    statement = select(camera).where(camera.c.id == number, camera.c.deleted_at.is_(None))
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"there is no camera {number}")
    return camera_of(row)


def change(connection: Connection, changed: Camera, at: datetime) -> Camera:
    """Give the camera of that number the name, department and state of `changed`. Errors as for `add`.

    Events that started before `at` stay with the department that owned it until then.
    """
    before = get(connection, changed.id)
    name = check_name(changed.name, "a camera")
    if changed.department != before.department:
        get_department(connection, changed.department)
        moved = insert(former_owner).values(camera=changed.id, until_at=at, department=before.department)
        with conflict_if_taken(connection, f"camera {changed.id} was moved at this very moment already"):
            connection.execute(moved)
    with conflict_if_taken(connection, f"the department has a camera {name!r} already"):
        connection.execute(
            update(camera)
            .where(camera.c.id == changed.id)
            .values(name=name, department=changed.department, enabled=changed.enabled)
        )
    raise_version(connection)
    return get(connection, changed.id)


def remove(connection: Connection, number: CameraId, at: datetime) -> None:
    """Remove a camera with its streams, logins, rules, zones and lines. Its events stay, and stay readable.

    Raises `NotFound`.
    """
    get(connection, number)
    connection.execute(delete(rule).where(rule.c.camera == number))
    for places in (zone, line):
        living = places.c.camera == number, places.c.deleted_at.is_(None)
        connection.execute(update(places).where(*living).values(deleted_at=at))
    for table in (stream_state, stream, camera_crash, camera_attention):
        connection.execute(delete(table).where(table.c.camera == number))
    connection.execute(update(camera).where(camera.c.id == number).values(deleted_at=at, enabled=False))
    raise_version(connection)


def count(connection: Connection) -> int:
    """How many cameras there are."""
    statement = select(func.count()).select_from(camera).where(camera.c.deleted_at.is_(None))
    return int(connection.execute(statement).scalar_one())


def take_numbers(connection: Connection, how_many: int) -> range:
    """Numbers for new cameras, never given out before. Raises `Conflict` when there are none left."""
    taken = update(camera_counter).values(last=camera_counter.c.last + how_many).returning(camera_counter.c.last)
    last = connection.execute(taken).scalar_one()
    if last > LAST_CAMERA:
        raise Conflict(f"all {LAST_CAMERA} camera numbers have been given out, and none is used twice")
    return range(last - how_many + 1, last + 1)


def camera_of(row: Row[tuple[object, ...]]) -> Camera:
    """The camera in a row of the camera table."""
    return Camera(CameraId(row.id), row.name, DepartmentId(row.department), row.enabled)
