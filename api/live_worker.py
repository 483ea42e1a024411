"""Which workers are alive, and where they answer: what their rows in the database say."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field
from sqlalchemy import Connection

from core.errors import Unavailable
from core.ids import CameraId
from registry import workers
from registry.server_clock import server_time
from registry.workers import Worker

from .fields import Body, Instant
from .services import Services
from .worker_link import WorkerAddress


class WorkerState(StrEnum):
    """Whether a worker is heard of."""

    RUNNING = "running"
    SILENT = "silent"


class WorkerView(Body):
    """A worker, and since when it is so."""

    state: WorkerState
    since: Instant = Field(description="running: when it started; silent: when it was heard of last.")


def any_worker(services: Services, connection: Connection) -> WorkerView | None:
    """The worker that registered last of those that are running, else of all; None where there is none."""
    known = workers.list_workers(connection)
    now = server_time(connection)
    running = [worker for worker in known if is_running(services, worker, now)]
    newest = (running or known)[-1:]
    return view_of(services, newest[0], now) if newest else None


def view_of(services: Services, worker: Worker, now: datetime) -> WorkerView:
    """The worker as the API shows it at `now`, by the database's clock."""
    if is_running(services, worker, now):
        return WorkerView(state=WorkerState.RUNNING, since=worker.started_at)
    return WorkerView(state=WorkerState.SILENT, since=worker.heartbeat_at)


def running_workers(services: Services, connection: Connection) -> list[Worker]:
    """The workers that answer, the newest last. Raises `Unavailable` where there is none."""
    now = server_time(connection)
    running = [worker for worker in workers.list_workers(connection) if is_running(services, worker, now)]
    if not running:
        raise Unavailable("no worker is running, so nobody watches the cameras", hint="start one: sharp-eyes worker")
    return running


def holder(services: Services, connection: Connection, camera: CameraId) -> WorkerAddress | None:
    """Where the worker answers that watches `camera`; None where nobody watches it, though somebody could.

    Raises `Unavailable` where no worker is running, or the one that watches it is silent.
    """
    found = workers.holder_of(connection, camera)
    if found is None:
        running_workers(services, connection)
        return None
    if not is_running(services, found, server_time(connection)):
        running_workers(services, connection)
        raise Unavailable(
            f"the worker that watches camera {camera} is silent", hint="another one takes its cameras over in seconds"
        )
    return address_of(found)


def address_of(worker: Worker) -> WorkerAddress:
    """Where a worker answers."""
    return WorkerAddress(worker.host, worker.port, worker.token)


def is_running(services: Services, worker: Worker, now: datetime) -> bool:
    """Whether the worker was heard of a moment ago, at `now` by the database's clock."""
    return now - worker.heartbeat_at <= timedelta(seconds=services.settings.worker_silence_s)
