"""Which workers are alive, and where they answer: what their rows in the database say."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from core.errors import Unavailable
from registry.workers import Seen, Worker

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


def any_worker(services: Services, seen: Seen) -> WorkerView | None:
    """The worker that registered last of those that are running, else of all; None where there is none."""
    running = [worker for worker in seen.workers if is_running(services, worker, seen.now)]
    newest = (running or seen.workers)[-1:]
    return view_of(services, newest[0], seen.now) if newest else None


def view_of(services: Services, worker: Worker, now: datetime) -> WorkerView:
    """The worker as the API shows it at `now`, by the database's clock."""
    if is_running(services, worker, now):
        return WorkerView(state=WorkerState.RUNNING, since=worker.started_at)
    return WorkerView(state=WorkerState.SILENT, since=worker.heartbeat_at)


def running_workers(services: Services, seen: Seen) -> list[Worker]:
    """The workers that answer, the newest last. Raises `Unavailable` where there is none."""
    running = [worker for worker in seen.workers if is_running(services, worker, seen.now)]
    if not running:
        raise Unavailable("no worker is running, so nobody watches the cameras", hint="start one: sharp-eyes worker")
    return running


def address_of_holder(services: Services, seen: Seen, holder: Worker | None) -> WorkerAddress | None:
    """Where `holder` answers, who watches a camera; None where nobody watches it, though somebody could.

    Raises `Unavailable` where no worker is running, or this one is silent.
    """
    running = running_workers(services, seen)
    if holder is None:
        return None
    if holder not in running:
        raise Unavailable(
            "the worker that watches the camera is silent", hint="another one takes its cameras over in seconds"
        )
    return address_of(holder)


def address_of(worker: Worker) -> WorkerAddress:
    """Where a worker answers."""
    return WorkerAddress(worker.host, worker.port, worker.token)


def is_running(services: Services, worker: Worker, now: datetime) -> bool:
    """Whether the worker was heard of a moment ago, at `now` by the database's clock.

    A heartbeat far in the future is of before that clock was set back: whoever is alive renews it soon.
    """
    return abs(now - worker.heartbeat_at) <= timedelta(seconds=services.settings.worker_silence_s)
