"""Privacy areas: polygons on a camera's picture that are black in every masked rendition."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from core.errors import Conflict, NotFound
from core.ids import CameraId
from core.privacy import MOST_PRIVACY_AREAS, PrivacyArea, PrivacyAreaId
from core.zone import Polygon

from .cameras import get as get_camera
from .chunks import in_chunks
from .names import check_name
from .stream_places import place_of
from .tables import camera as camera_table
from .tables import privacy_area, stream
from .taken import conflict_if_taken
from .version import raise_version
from .zones import points_text, polygon_of


def add(connection: Connection, camera: CameraId, *, name: str, polygon: Polygon, at: datetime) -> PrivacyArea:
    """A new privacy area.

    Raises `NotFound` for an unknown camera, `Conflict` for a name that the camera's areas have taken or where it has as
    many as can be.
    """
    raise_version(connection)  # first, as a lock: no two are added at once where one has room
    get_camera(connection, camera)
    name = check_name(name, "a privacy area")
    living = privacy_area.c.camera == camera, privacy_area.c.deleted_at.is_(None)
    if connection.execute(select(func.count()).select_from(privacy_area).where(*living)).scalar_one() >= (
        MOST_PRIVACY_AREAS
    ):
        raise Conflict(
            f"camera {camera} has {MOST_PRIVACY_AREAS} privacy areas, which is the most it can have",
            hint="make one of several that lie beside each other",
        )
    values = {"camera": camera, "name": name, "points": points_text(polygon), "changed_at": at}
    with conflict_if_taken(connection, f"camera {camera} has a privacy area {name!r} already"):
        number = connection.execute(insert(privacy_area).values(values).returning(privacy_area.c.id)).scalar_one()
    return PrivacyArea(PrivacyAreaId(number), camera, name, polygon)


def get(connection: Connection, number: PrivacyAreaId) -> PrivacyArea:
    """The privacy area of that number. Raises `NotFound`, also when it or its camera was removed."""
    statement = select(privacy_area).join(camera_table, camera_table.c.id == privacy_area.c.camera)
    living = (
        privacy_area.c.id == number,
        privacy_area.c.deleted_at.is_(None),
        camera_table.c.deleted_at.is_(None),
    )
    row = connection.execute(statement.where(*living)).one_or_none()
    if row is None:
        raise NotFound(f"there is no privacy area {number}")
    return privacy_area_of(row)


def change(connection: Connection, changed: PrivacyArea, at: datetime) -> PrivacyArea:
    """Give the area of that number the name and polygon of `changed`; it stays with its camera. Errors as for `add`."""
    before = get(connection, changed.id)
    values = {
        "name": check_name(changed.name, "a privacy area"),
        "points": points_text(changed.polygon),
        "changed_at": at,
    }
    with conflict_if_taken(connection, f"camera {before.camera} has a privacy area {values['name']!r} already"):
        connection.execute(update(privacy_area).where(privacy_area.c.id == changed.id).values(values))
    raise_version(connection)
    return get(connection, changed.id)


def remove(connection: Connection, number: PrivacyAreaId, at: datetime) -> None:
    """Remove a privacy area: what lies there is shown again in what is made from now on. Raises `NotFound`."""
    get(connection, number)
    gone = {"deleted_at": at, "changed_at": at}
    connection.execute(update(privacy_area).where(privacy_area.c.id == number).values(gone))
    raise_version(connection)


def of_camera(connection: Connection, camera: CameraId) -> list[PrivacyArea]:
    """The privacy areas of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera])


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> list[PrivacyArea]:
    """The privacy areas of these cameras, by number; also of cameras that were removed, whose events are still seen."""
    living = select(privacy_area).where(privacy_area.c.deleted_at.is_(None)).order_by(privacy_area.c.id)
    return [
        privacy_area_of(row)
        for chunk in in_chunks(cameras)
        for row in connection.execute(living.where(privacy_area.c.camera.in_(chunk)))
    ]


def polygons_of(connection: Connection, camera: CameraId) -> tuple[Polygon, ...]:
    """What is black in the masked renditions of a camera, whether it is there still or was removed."""
    return tuple(area.polygon for area in of_cameras(connection, [camera]))


def polygons_at(connection: Connection, url: str) -> tuple[Polygon, ...]:
    """What is black in pictures that come from `url` (without its secrets), whichever cameras have it, and however it
    is spelled there."""
    of_streams = select(privacy_area.c.points, stream.c.url).join(stream, stream.c.camera == privacy_area.c.camera)
    found = connection.execute(of_streams.where(privacy_area.c.deleted_at.is_(None)).order_by(privacy_area.c.id))
    place = place_of(url)
    return tuple(
        polygon_of(points) for points in dict.fromkeys(row.points for row in found if place_of(row.url) == place)
    )


def privacy_area_of(row: Row[tuple[object, ...]]) -> PrivacyArea:
    """The privacy area in a row of its table."""
    return PrivacyArea(PrivacyAreaId(row.id), CameraId(row.camera), row.name, polygon_of(row.points))
