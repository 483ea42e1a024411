"""Zones: polygons on a camera's picture."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Row, insert, select, update

from core.box import Point
from core.errors import Conflict, NotFound
from core.ids import CameraId
from core.zone import Polygon, Zone, ZoneId

from .cameras import get as get_camera
from .chunks import in_chunks
from .names import check_name
from .tables import camera as camera_table
from .tables import rule, zone
from .taken import conflict_if_taken
from .version import raise_version


def add(connection: Connection, camera: CameraId, *, name: str, polygon: Polygon) -> Zone:
    """A new zone. Raises `NotFound` for an unknown camera, `Conflict` for a name that the camera's zones have taken."""
    get_camera(connection, camera)
    name = check_name(name, "a zone")
    values = {"camera": camera, "name": name, "points": points_text(polygon)}
    with conflict_if_taken(connection, f"camera {camera} has a zone {name!r} already"):
        number = connection.execute(insert(zone).values(values).returning(zone.c.id)).scalar_one()
    raise_version(connection)
    return Zone(ZoneId(number), camera, name, polygon)


def get(connection: Connection, number: ZoneId) -> Zone:
    """The zone of that number. Raises `NotFound`, also when it or its camera was removed."""
    statement = select(zone).join(camera_table, camera_table.c.id == zone.c.camera)
    living = zone.c.id == number, zone.c.deleted_at.is_(None), camera_table.c.deleted_at.is_(None)
    row = connection.execute(statement.where(*living)).one_or_none()
    if row is None:
        raise NotFound(f"there is no zone {number}")
    return zone_of(row)


def change(connection: Connection, changed: Zone) -> Zone:
    """Give the zone of that number the name and polygon of `changed`; it stays with its camera. Errors as for `add`."""
    before = get(connection, changed.id)
    name = check_name(changed.name, "a zone")
    with conflict_if_taken(connection, f"camera {before.camera} has a zone {name!r} already"):
        connection.execute(
            update(zone).where(zone.c.id == changed.id).values(name=name, points=points_text(changed.polygon))
        )
    raise_version(connection)
    return get(connection, changed.id)


def remove(connection: Connection, number: ZoneId, at: datetime) -> None:
    """Remove a zone. Raises `NotFound`, and `Conflict` while a rule looks at it."""
    get(connection, number)
    using = connection.scalars(select(rule.c.name).where(rule.c.zone == number).order_by(rule.c.id)).all()
    if using:
        raise Conflict(
            f"zone {number} is used by the rule {using[0]!r}", hint="change or remove the rules that use it first"
        )
    connection.execute(update(zone).where(zone.c.id == number).values(deleted_at=at))
    raise_version(connection)


def of_camera(connection: Connection, camera: CameraId) -> list[Zone]:
    """The zones of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[Zone]:
    """The zones of these cameras, by number."""
    living = select(zone).where(zone.c.deleted_at.is_(None)).order_by(zone.c.id)
    return [
        zone_of(row)
        for chunk in in_chunks(cameras)
        for row in connection.execute(living.where(zone.c.camera.in_(chunk)))
    ]


def zone_of(row: Row[tuple[object, ...]]) -> Zone:
    """The zone in a row of the zone table."""
    return Zone(ZoneId(row.id), CameraId(row.camera), row.name, polygon_of(row.points))


def points_text(polygon: Polygon) -> str:
    """The corners as the zone table keeps them."""
    return json.dumps([[point.x, point.y] for point in polygon.points], separators=(",", ":"))


@lru_cache(maxsize=10_000)
def polygon_of(text: str) -> Polygon:
    """The polygon of corners as the table keeps them. A polygon checks itself thoroughly, and all are read again with
    each change of the registry: those known are kept."""
    return Polygon(tuple(Point(x, y) for x, y in json.loads(text)))
