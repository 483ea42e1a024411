"""Lines: directed segments on a camera's picture."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from core.box import Point
from core.errors import Conflict, NotFound
from core.ids import CameraId
from core.line import Line, LineId

from .cameras import get as get_camera
from .chunks import in_chunks
from .names import check_name
from .tables import camera as camera_table
from .tables import line, rule
from .taken import conflict_if_taken
from .version import raise_version

_UNSAVED: Final = LineId(0)


def add(connection: Connection, camera: CameraId, *, name: str, start: Point, end: Point) -> Line:
    """A new line. Raises `NotFound` for an unknown camera, `BadInput` for ends that make no line, `Conflict` for a name
    that the camera's lines have taken."""
    get_camera(connection, camera)
    draft = Line(_UNSAVED, camera, check_name(name, "a line"), start, end)
    with conflict_if_taken(connection, f"camera {camera} has a line {draft.name!r} already"):
        statement = insert(line).values(camera=camera, **_values(draft)).returning(line.c.id)
        number = connection.execute(statement).scalar_one()
    raise_version(connection)
    return replace(draft, id=LineId(number))


def get(connection: Connection, number: LineId) -> Line:
    """The line of that number. Raises `NotFound`, also when it or its camera was removed."""
    statement = select(line).join(camera_table, camera_table.c.id == line.c.camera)
    living = line.c.id == number, line.c.deleted_at.is_(None), camera_table.c.deleted_at.is_(None)
    row = connection.execute(statement.where(*living)).one_or_none()
    if row is None:
        raise NotFound(f"there is no line {number}")
    return line_of(row)


def change(connection: Connection, changed: Line) -> Line:
    """Give the line of that number the name and ends of `changed`; it stays with its camera. Errors as for `add`."""
    before = get(connection, changed.id)
    after = replace(changed, camera=before.camera, name=check_name(changed.name, "a line"))
    with conflict_if_taken(connection, f"camera {before.camera} has a line {after.name!r} already"):
        connection.execute(update(line).where(line.c.id == changed.id).values(_values(after)))
    raise_version(connection)
    return after


def remove(connection: Connection, number: LineId, at: datetime) -> None:
    """Remove a line. Raises `NotFound`, and `Conflict` while a rule watches it."""
    get(connection, number)
    using = connection.scalars(select(rule.c.name).where(rule.c.line == number).order_by(rule.c.id)).all()
    if using:
        raise Conflict(
            f"line {number} is used by the rule {using[0]!r}", hint="change or remove the rules that use it first"
        )
    connection.execute(update(line).where(line.c.id == number).values(deleted_at=at))
    raise_version(connection)


def of_camera(connection: Connection, camera: CameraId) -> list[Line]:
    """The lines of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[Line]:
    """The lines of these cameras, by number."""
    living = select(line).where(line.c.deleted_at.is_(None)).order_by(line.c.id)
    return [
        line_of(row)
        for chunk in in_chunks(cameras)
        for row in connection.execute(living.where(line.c.camera.in_(chunk)))
    ]


def line_of(row: Row[tuple[object, ...]]) -> Line:
    """The line in a row of the line table."""
    start, end = Point(row.start_x, row.start_y), Point(row.end_x, row.end_y)
    return Line(LineId(row.id), CameraId(row.camera), row.name, start, end)


def _values(some: Line) -> dict[str, Any]:
    """The columns that a change may change."""
    return {
        "name": some.name,
        "start_x": some.start.x,
        "start_y": some.start.y,
        "end_x": some.end.x,
        "end_y": some.end.y,
    }
