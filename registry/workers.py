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
    port: int | None
    """The loopback port of its internal server; None until it listens."""
    token: str | None = field(repr=False)


def register(
    connection: Connection, *, pid: int, at: datetime, port: int | None = None, token: str | None = None
) -> Worker:
    """Make a new worker known. Its number is never used again."""
    values = {"pid": pid, "started_at": at, "heartbeat_at": at, "port": port, "token": token}
    number = connection.execute(insert(worker).values(values).returning(worker.c.id)).scalar_one()
    return Worker(WorkerId(number), pid, at, at, port, token)


def listens(connection: Connection, number: WorkerId, *, port: int, token: str) -> None:
    """Say where a worker answers, and to whom. Raises `NotFound`."""
    _update(connection, number, port=port, token=token)


def beat(connection: Connection, number: WorkerId, at: datetime) -> None:
    """Say that a worker is alive. Raises `NotFound`."""
    _update(connection, number, heartbeat_at=at)


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


def _update(connection: Connection, number: WorkerId, **values: object) -> None:
    changed = connection.execute(update(worker).where(worker.c.id == number).values(**values))
    if changed.rowcount == 0:
        raise NotFound(f"there is no worker {number}")


def _worker(row: Row[tuple[object, ...]]) -> Worker:
    return Worker(WorkerId(row.id), row.pid, row.started_at, row.heartbeat_at, row.port, row.token)
