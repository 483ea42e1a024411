"""Uplinks: what several cameras hang on, a recorder, a switch, a line."""

from collections.abc import Collection
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from core.camera import StreamRole
from core.ids import CameraId

from .chunks import in_chunks
from .tables import camera, stream


def of_cameras(connection: Connection, cameras: Collection[CameraId]) -> dict[CameraId, str]:
    """The uplink of each of these cameras: as its department named it, else the host of its detect stream's address.
    A camera whose pictures come from a file has none."""
    found: dict[CameraId, str] = {}
    for chunk in in_chunks(sorted(cameras)):
        statement = (
            select(camera.c.id, camera.c.uplink, stream.c.url)
            .outerjoin(stream, (stream.c.camera == camera.c.id) & (stream.c.role == StreamRole.DETECT.value))
            .where(camera.c.id.in_(chunk))
        )
        for row in connection.execute(statement):
            uplink = row.uplink or _host(row.url or "")
            if uplink:
                found[CameraId(row.id)] = uplink
    return found


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return None if host is None else host[:255]
