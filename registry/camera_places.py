"""Where cameras stand."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.ids import CameraId
from core.place import Place

from .chunks import in_chunks
from .reach import Reach
from .tables import camera


def places_of(connection: Connection, numbers: Collection[CameraId], reach: Reach) -> dict[CameraId, Place]:
    """The places of those cameras that are known and within `reach` now."""
    columns = camera.c.id, camera.c.department, camera.c.longitude, camera.c.latitude
    known = select(*columns).where(camera.c.longitude.is_not(None), camera.c.latitude.is_not(None))
    return {
        CameraId(row.id): Place(row.longitude, row.latitude)
        for chunk in in_chunks(numbers)
        for row in connection.execute(known.where(camera.c.id.in_(chunk)))
        if reach.has_camera(CameraId(row.id), DepartmentId(row.department))
    }
