"""Epochs: who watched a camera, from when to when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from core.ids import CameraId

from .chunks import in_chunks
from .tables import camera_epoch
from .taken import conflict_if_taken
from .workers import WorkerId


def take(connection: Connection, worker: WorkerId, cameras: Sequence[CameraId], at: datetime) -> dict[CameraId, int]:
    """Begin a new epoch of each camera for `worker`; the epochs before it end at `at`. The new epoch of each camera.

    Raises `Conflict` where another worker takes one of them at the same moment.
    """
    taken: dict[CameraId, int] = {}
    for chunk in in_chunks(cameras):
        end(connection, chunk, at)
        latest = (
            select(camera_epoch.c.camera, func.max(camera_epoch.c.epoch).label("epoch"))
            .where(camera_epoch.c.camera.in_(chunk))
            .group_by(camera_epoch.c.camera)
        )
        before = {row.camera: row.epoch for row in connection.execute(latest)}
        new = {number: before.get(number, 0) + 1 for number in chunk}
        with conflict_if_taken(connection, "a camera does not exist, or another worker takes it at this moment"):
            connection.execute(
                insert(camera_epoch),
                [{"camera": number, "epoch": epoch, "worker": worker, "from_at": at} for number, epoch in new.items()],
            )
        taken |= new
    return taken


def end(connection: Connection, cameras: Sequence[CameraId], at: datetime) -> None:
    """End the epochs of these cameras that have no end yet."""
    for chunk in in_chunks(cameras):
        connection.execute(
            update(camera_epoch)
            .where(camera_epoch.c.camera.in_(chunk), camera_epoch.c.until_at.is_(None))
            .values(until_at=at)
        )


def newest(connection: Connection) -> dict[CameraId, int]:
    """The newest epoch of each camera that was ever watched."""
    latest = select(camera_epoch.c.camera, func.max(camera_epoch.c.epoch)).group_by(camera_epoch.c.camera)
    return {CameraId(number): epoch for number, epoch in connection.execute(latest)}


def unended(connection: Connection) -> list[CameraId]:
    """The cameras whose epoch has no end: they are watched, or their worker died."""
    still = select(camera_epoch.c.camera).where(camera_epoch.c.until_at.is_(None)).order_by(camera_epoch.c.camera)
    return [CameraId(number) for number in connection.scalars(still)]
