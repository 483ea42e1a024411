"""Workers: who is alive, and where it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.errors import NotFound

from .tables import worker

WorkerId = NewType("WorkerId", int)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that pulls cameras. Its text form hides the token."""

    id: WorkerId
    pid: int
    started_at: datetime
    heartbeat_at: datetime
    port: int
    """The loopback port of its internal server."""
    token: str = field(repr=False)
    """Who shows it may ask there."""


def register(connection: Connection, *, pid: int, at: datetime, port: int, token: str) -> Worker:
    """Make a new worker known, which listens. Its number is never used again."""
    values = {"pid": pid, "started_at": at, "heartbeat_at": at, "port": port, "token": token}
    number = connection.execute(insert(worker).values(values).returning(worker.c.id)).scalar_one()
    return Worker(WorkerId(number), pid, at, at, port, token)


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


def _worker(row: Row[tuple[object, ...]]) -> Worker:
    return Worker(WorkerId(row.id), row.pid, row.started_at, row.heartbeat_at, row.port, row.token)
