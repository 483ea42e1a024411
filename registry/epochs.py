"""Epochs: who watched a camera, from when to when.

A camera's epochs never overlap, whatever clocks do: one ends no earlier than it began, and the next begins there.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, literal, select, tuple_, update

from core.ids import CameraId

from .chunks import MOST_PARAMETERS, in_chunks
from .columns import Instant
from .tables import camera_epoch
from .taken import conflict_if_taken
from .workers import WorkerId


def take(connection: Connection, worker: WorkerId, cameras: Sequence[CameraId], at: datetime) -> dict[CameraId, int]:
    """`begin` for one worker. Raises `Conflict` where another one takes one of the cameras at the same moment."""
    with conflict_if_taken(connection, "a camera does not exist, or another worker takes it at this moment"):
        return begin(connection, dict.fromkeys(cameras, worker), at)


def begin(connection: Connection, workers: Mapping[CameraId, WorkerId], at: datetime) -> dict[CameraId, int]:
    """Begin a new epoch of each camera for its worker; the epochs before it end there. The new epoch of each camera.

    They begin at `at`, or where the one before ended, if that was later by a clock that was set back since.
    """
    begun: dict[CameraId, int] = {}
    for chunk in in_chunks(workers):
        end(connection, chunk, at)
        before = newest(connection, chunk)
        ends = _ends(connection, before)
        rows = [
            {
                "camera": number,
                "epoch": before.get(number, 0) + 1,
                "worker": workers[number],
                "from_at": max(at, ends.get(number, at)),
            }
            for number in chunk
        ]
        connection.execute(insert(camera_epoch), rows)
        begun |= {number: before.get(number, 0) + 1 for number in chunk}
    return begun


def end(connection: Connection, cameras: Collection[CameraId], at: datetime) -> None:
    """End the epochs of these cameras that have no end yet."""
    ended_at = literal(at, Instant)
    for chunk in in_chunks(cameras):
        connection.execute(
            update(camera_epoch)
            .where(camera_epoch.c.camera.in_(chunk), camera_epoch.c.until_at.is_(None))
            .values(until_at=case((camera_epoch.c.from_at > ended_at, camera_epoch.c.from_at), else_=ended_at))
        )


def newest(connection: Connection, cameras: Collection[CameraId]) -> dict[CameraId, int]:
    """The newest epoch of each of these cameras that was ever watched."""
    found: dict[CameraId, int] = {}
    for chunk in in_chunks(cameras):
        latest = (
            select(camera_epoch.c.camera, func.max(camera_epoch.c.epoch))
            .where(camera_epoch.c.camera.in_(chunk))
            .group_by(camera_epoch.c.camera)
        )
        found |= {CameraId(number): epoch for number, epoch in connection.execute(latest)}
    return found


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove epochs that ended before `before`, at most `limit`, but never a camera's newest: how many. Events of them
    that come later still are not accepted."""
    later, keys = camera_epoch.alias(), (camera_epoch.c.camera, camera_epoch.c.epoch)
    is_followed = (
        select(later.c.epoch).where(later.c.camera == camera_epoch.c.camera, later.c.epoch > camera_epoch.c.epoch)
    ).exists()
    # Rows that another worker is removing are left to it: two never wait for each other.
    old = select(*keys).where(camera_epoch.c.until_at < before, is_followed).limit(limit)
    old = old.with_for_update(of=camera_epoch, skip_locked=True)
    return connection.execute(delete(camera_epoch).where(tuple_(*keys).in_(old))).rowcount


def unended(connection: Connection) -> list[CameraId]:
    """The cameras whose epoch has no end: they are watched, or their worker died."""
    still = select(camera_epoch.c.camera).where(camera_epoch.c.until_at.is_(None)).order_by(camera_epoch.c.camera)
    return [CameraId(number) for number in connection.scalars(still)]


def _ends(connection: Connection, epochs: Mapping[CameraId, int]) -> dict[CameraId, datetime]:
    """When the given epoch of each camera ended."""
    found: dict[CameraId, datetime] = {}
    for chunk in in_chunks(epochs.items(), MOST_PARAMETERS // 2):
        ended = select(camera_epoch.c.camera, camera_epoch.c.until_at).where(
            tuple_(camera_epoch.c.camera, camera_epoch.c.epoch).in_(chunk)
        )
        found |= {CameraId(row.camera): row.until_at for row in connection.execute(ended)}
    return found
