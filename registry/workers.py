"""Workers: who is alive, and where it answers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, delete, func, insert, select, type_coerce, update

from core.errors import NotFound
from core.ids import CameraId

from .server_clock import server_microseconds, server_time
from .tables import camera_epoch, worker

WorkerId = NewType("WorkerId", int)

LEASE: Final = timedelta(seconds=5)
"""For so long after its last heartbeat nobody takes a worker's cameras."""
_HERE: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that pulls cameras. Its text form hides the token."""

    id: WorkerId
    pid: int
    started_at: datetime
    heartbeat_at: datetime
    """By the database's clock."""
    port: int
    """Of its internal server."""
    token: str = field(repr=False)
    """Who shows it may ask there."""
    host: str = _HERE
    """Where the API reaches that server."""
    name: str = ""
    """What people call it."""
    capacity: float = 1.0
    """Processors that it may use: its share of the cameras."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All workers as of a moment."""

    now: datetime
    """By the database's clock, as the heartbeats are."""
    workers: tuple[Worker, ...]
    """The newest last."""


def register(
    connection: Connection,
    *,
    pid: int,
    at: datetime,
    port: int,
    token: str,
    host: str = _HERE,
    name: str = "",
    capacity: float = 1.0,
) -> Worker:
    """Make a new worker known, which listens. Its number is never used again."""
    values = {"pid": pid, "started_at": at, "heartbeat_at": at, "port": port, "token": token}
    values |= {"host": host, "name": name, "capacity": capacity}
    number = connection.execute(insert(worker).values(values).returning(worker.c.id)).scalar_one()
    return Worker(WorkerId(number), pid, at, at, port, token, host, name, capacity)


def beat(connection: Connection, number: WorkerId, at: datetime) -> None:
    """Say that a worker is alive. Raises `NotFound`."""
    changed = connection.execute(update(worker).where(worker.c.id == number).values(heartbeat_at=at))
    if changed.rowcount == 0:
        raise NotFound(f"there is no worker {number}")


def remove(connection: Connection, number: WorkerId) -> None:
    """Forget a worker that has ended; one that is not known is forgotten already."""
    connection.execute(delete(worker).where(worker.c.id == number))


def newest(connection: Connection) -> Worker | None:
    """The worker that registered last, if there is one."""
    row = connection.execute(select(worker).order_by(worker.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _worker(row)


def list_workers(connection: Connection) -> list[Worker]:
    """All workers, the newest last."""
    return [_worker(row) for row in connection.execute(select(worker).order_by(worker.c.id))]


def seen(connection: Connection) -> Seen:
    """All workers, and what time it is for them."""
    return Seen(server_time(connection), tuple(list_workers(connection)))


def live(connection: Connection) -> list[Worker]:
    """The workers whose lease is in force, the eldest first."""
    alive = select(worker).where(is_live(connection)).order_by(worker.c.id)
    return [_worker(row) for row in connection.execute(alive)]


def holder_of(connection: Connection, number: CameraId) -> Worker | None:
    """The worker that has the lease of this camera, alive or silent; None where nobody has."""
    holder = (
        select(worker)
        .join(camera_epoch, camera_epoch.c.worker == worker.c.id)
        .where(camera_epoch.c.camera == number, camera_epoch.c.until_at.is_(None))
    )
    row = connection.execute(holder).one_or_none()
    return None if row is None else _worker(row)


def tell_dealt(connection: Connection, numbers: Collection[WorkerId]) -> None:
    """Let these workers see that what they hold has changed."""
    connection.execute(update(worker).where(worker.c.id.in_(numbers)).values(dealt=worker.c.dealt + 1))


def is_live(connection: Connection) -> ColumnElement[bool]:
    """Of a worker's row: whether its lease is in force.

    A heartbeat far in the future is of before the database's clock was set back: whoever is alive renews it soon.
    """
    heartbeat = type_coerce(worker.c.heartbeat_at, BigInteger)
    return func.abs(server_microseconds(connection) - heartbeat) < LEASE // timedelta(microseconds=1)


def _worker(row: Row[tuple[object, ...]]) -> Worker:
    return Worker(
        WorkerId(row.id),
        row.pid,
        row.started_at,
        row.heartbeat_at,
        row.port,
        row.token,
        row.host,
        row.name,
        row.capacity,
    )
