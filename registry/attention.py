"""How closely each camera is watched while nothing happens."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, Row, delete, insert, select

from core.attention import Attention, IdleDecoding, Sensitivity
from core.box import Point
from core.ids import CameraId
from core.zone import Polygon

from .cameras import get as get_camera
from .chunks import in_chunks
from .tables import camera_attention
from .version import raise_version
from .zones import points_text

USUAL: Final = Attention()
"""That of a camera for which nobody said anything."""


def get(connection: Connection, camera: CameraId) -> Attention:
    """The attention of a camera. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    return of_cameras(connection, [camera]).get(camera, USUAL)


def put(connection: Connection, camera: CameraId, attention: Attention) -> None:
    """Watch the camera like this from now on. Raises `NotFound` for an unknown camera."""
    get_camera(connection, camera)
    connection.execute(delete(camera_attention).where(camera_attention.c.camera == camera))
    if attention != USUAL:
        connection.execute(
            insert(camera_attention).values(
                camera=camera,
                sensitivity=attention.sensitivity.value,
                ignored=f"[{','.join(points_text(area) for area in attention.ignored)}]",
                idle=attention.idle.value,
                idle_look_s=attention.idle_look_s,
            )
        )
    raise_version(connection)


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> dict[CameraId, Attention]:
    """The attention of those of these cameras that are not watched in the usual way."""
    return {
        CameraId(row.camera): attention_of(row)
        for chunk in in_chunks(cameras)
        for row in connection.execute(select(camera_attention).where(camera_attention.c.camera.in_(chunk)))
    }


def attention_of(row: Row[tuple[object, ...]]) -> Attention:
    """The attention in a row of its table."""
    return Attention(
        sensitivity=Sensitivity(row.sensitivity),
        ignored=_areas(row.ignored),
        idle=IdleDecoding(row.idle),
        idle_look_s=row.idle_look_s,
    )


@lru_cache(maxsize=1_000)
def _areas(text: str) -> tuple[Polygon, ...]:
    """Polygons check themselves thoroughly, and all are read again with each change of the registry."""
    return tuple(Polygon(tuple(Point(x, y) for x, y in area)) for area in json.loads(text))
