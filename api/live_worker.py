"""Whether a worker is alive, and where it answers: what its row in the database says."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from core.errors import Unavailable
from registry import workers

from .fields import Body, Instant
from .services import Services
from .worker_link import WorkerAddress


class WorkerState(StrEnum):
    """Whether a worker is heard of."""

    RUNNING = "running"
    SILENT = "silent"


class WorkerView(Body):
    """The worker, and since when it is so."""

    state: WorkerState
    since: Instant = Field(description="running: when it started; silent: when it was heard of last.")


def worker_view(services: Services, worker: workers.Worker | None) -> WorkerView | None:
    """The worker as the API shows it; None where there is none."""
    if worker is None:
        return None
    if _is_alive(services, worker.heartbeat_at):
        return WorkerView(state=WorkerState.RUNNING, since=worker.started_at)
    return WorkerView(state=WorkerState.SILENT, since=worker.heartbeat_at)


def worker_address(services: Services, worker: workers.Worker | None) -> WorkerAddress | None:
    """Where the worker answers; None where it is not alive."""
    if worker is None or not _is_alive(services, worker.heartbeat_at):
        return None
    return WorkerAddress(worker.port, worker.token)


def running_worker(services: Services) -> WorkerAddress:
    """Where the worker answers. Raises `Unavailable` where none is alive."""
    with services.database.read() as connection:
        address = worker_address(services, workers.newest(connection))
    if address is None:
        raise Unavailable("no worker is running, so nobody watches the cameras", hint="start one: sharp-eyes worker")
    return address


def _is_alive(services: Services, heartbeat_at: datetime) -> bool:
    return services.clock.now() - heartbeat_at <= timedelta(seconds=services.settings.worker_silence_s)
