"""Leases: which cameras a worker holds, for as long as its heart beats.

A lease is a camera's epoch without an end. Camera rows change only when a camera changes hands; what a worker renews is
its own heartbeat, one row, and with it all that it holds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, update

from core.errors import NotFound
from core.ids import CameraId

from . import epochs
from .alone import be_alone, given_up_when_idle
from .server_clock import server_microseconds, server_time
from .tables import camera_epoch, registry_version, worker
from .workers import WorkerId, is_live, remove

_LOCK: Final = 0x5EA1
"""Key of PostgreSQL's advisory lock."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a heartbeat was answered."""

    now: datetime
    """The moment by the database's clock, which is the heartbeat's."""
    dealt: int
    """How often cameras were given to this worker or taken from it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A camera that a worker holds."""

    epoch: int
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """What a worker looks at to see whether it has to do anything."""

    version: int
    """Of the registry."""
    dealt: int | None
    """As in `Renewed`; None where the worker is not known any more: it holds nothing."""
    eldest: WorkerId | None
    """Who deals; None where nobody is alive."""


def renew(connection: Connection, number: WorkerId) -> Renewed:
    """Renew all leases of a worker at once. Raises `NotFound` where it was forgotten: then it registers anew."""
    beat = (
        update(worker)
        .where(worker.c.id == number)
        .values(heartbeat_at=server_microseconds(connection))
        .returning(worker.c.heartbeat_at, worker.c.dealt, given_up_when_idle(connection))
    )
    row = connection.execute(beat).one_or_none()
    if row is None:
        raise NotFound(f"there is no worker {number}")
    return Renewed(row.heartbeat_at, row.dealt)


def glance(connection: Connection, number: WorkerId) -> Glance:
    """Whether anything has changed for this worker, in one cheap question."""
    eldest = select(func.min(worker.c.id)).where(is_live(connection)).scalar_subquery()
    dealt = select(worker.c.dealt).where(worker.c.id == number).scalar_subquery()
    row = connection.execute(select(registry_version.c.version, dealt, eldest)).one()
    return Glance(row[0], row[1], row[2])


def held(connection: Connection, number: WorkerId) -> dict[CameraId, Lease]:
    """The cameras that this worker holds."""
    leases = select(camera_epoch).where(camera_epoch.c.worker == number, camera_epoch.c.until_at.is_(None))
    return {CameraId(row.camera): Lease(row.epoch, row.from_at) for row in connection.execute(leases)}


def release(connection: Connection, number: WorkerId) -> list[CameraId]:
    """Let go of all that this worker holds and forget it, so that others take it at once. What it held."""
    lock(connection)
    cameras = sorted(held(connection, number))
    epochs.end(connection, cameras, server_time(connection))
    remove(connection, number)
    return cameras


def lock(connection: Connection) -> None:
    """Until this transaction ends, nobody else deals cameras or lets go of them."""
    be_alone(connection, _LOCK)
