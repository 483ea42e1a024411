"""Quarantine: a camera that was being decoded in three crashes of a worker is not opened any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from core.errors import NotFound
from core.ids import CameraId

from .chunks import in_chunks
from .tables import camera, camera_crash
from .version import raise_version

MOST_CRASHES: Final = 3
"""This many crashes quarantine a camera."""


def note_crash(connection: Connection, cameras: Sequence[CameraId], *, reason: str, at: datetime) -> list[CameraId]:
    """Count a crash for the cameras that were being decoded. Which of them are in quarantine from now on.

    Cameras that were removed meanwhile are left out.
    """
    newly: list[CameraId] = []
    for chunk in in_chunks(sorted(set(cameras))):
        living = select(camera.c.id).where(camera.c.id.in_(chunk), camera.c.deleted_at.is_(None)).order_by(camera.c.id)
        crashed = select(camera_crash).where(camera_crash.c.camera.in_(chunk))
        known = {row.camera: row for row in connection.execute(crashed)}
        for number in connection.scalars(living).all():
            before = known.get(number)
            crashes = (before.crashes if before else 0) + 1
            since = before.quarantined_at if before else None
            if since is None and crashes >= MOST_CRASHES:
                since = at
                newly.append(CameraId(number))
            values = {"crashes": crashes, "last_at": at, "reason": reason, "quarantined_at": since}
            if before:
                connection.execute(update(camera_crash).where(camera_crash.c.camera == number).values(values))
            else:
                connection.execute(insert(camera_crash).values(camera=number, **values))
    if newly:
        raise_version(connection)
    return newly


def release(connection: Connection, number: CameraId) -> None:
    """Let a camera out of quarantine and forget its crashes. Raises `NotFound` where it has none."""
    gone = connection.execute(delete(camera_crash).where(camera_crash.c.camera == number))
    if gone.rowcount == 0:
        raise NotFound(f"camera {number} is not in quarantine")
    raise_version(connection)
