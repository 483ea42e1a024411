"""`/healthz` and `/readyz`: for those who start, restart and watch the server."""

import logging
import shutil
from enum import StrEnum

from fastapi import APIRouter, Response
from pydantic import Field

from core.errors import SharpEyesError, Unavailable
from registry import workers

from .fields import Body
from .live_worker import WorkerState, any_worker
from .services import Services, Use

router = APIRouter(tags=["health"])
_log = logging.getLogger(__name__)


class Readiness(StrEnum):
    """Whether the server can do its work."""

    READY = "ready"
    DEGRADED = "degraded"
    NOT_READY = "not_ready"


class Alive(Body):
    """The server answers."""

    status: str = "ok"


class Check(Body):
    """One thing that was looked at."""

    ok: bool
    detail: str = Field(description="What was found, for a person.")


class ReadinessView(Body):
    """Whether the server can do its work, and what was looked at."""

    status: Readiness = Field(description="degraded: the API works, but no worker watches the cameras.")
    database: Check
    schema_: Check = Field(alias="schema", description="Whether the tables are as this version needs them.")
    disk: Check
    worker: Check


@router.get("/healthz")
def healthz() -> Alive:
    """Whether the server answers at all."""
    return Alive()


@router.get("/readyz", responses={503: {"model": ReadinessView, "description": "It cannot do its work now."}})
def readyz(use: Use, response: Response) -> ReadinessView:
    """Whether the server can do its work: database, tables, room on the disk. A missing worker is told, no fault."""
    database, worker = _look_at_database(use)
    schema = _look_at_schema(use) if database.ok else Check(ok=False, detail="not looked at: the database is away")
    disk = _look_at_disk(use)
    works = database.ok and schema.ok and disk.ok
    status = Readiness.NOT_READY if not works else Readiness.READY if worker.ok else Readiness.DEGRADED
    response.status_code = 200 if works else 503
    return ReadinessView(status=status, database=database, schema=schema, disk=disk, worker=worker)


def _look_at_database(use: Services) -> tuple[Check, Check]:
    try:
        with use.database.read() as connection:
            worker = any_worker(use, workers.seen(connection))
    except SharpEyesError as error:
        _log.warning("not ready: %s", error.message)
        return Check(ok=False, detail=_told(error)), Check(ok=False, detail="not known: the database is away")
    except Exception:
        # Tables that are not there, for one: `_look_at_schema` says so.
        _log.warning("the worker's row cannot be read", exc_info=True)
        return Check(ok=True, detail="answers"), Check(ok=False, detail="its row cannot be read; the log says why")
    if worker is None:
        return Check(ok=True, detail="answers"), Check(ok=False, detail="there is none")
    alive = worker.state is WorkerState.RUNNING
    told = f"{worker.state.value} since {worker.since.isoformat(timespec='seconds')}"
    return Check(ok=True, detail="answers"), Check(ok=alive, detail=told)


def _look_at_schema(use: Services) -> Check:
    try:
        fault = use.schema_fault()
    except SharpEyesError as error:
        fault = _told(error)
    return Check(ok=fault is None, detail=fault or "as this version needs it")


def _told(error: SharpEyesError) -> str:
    """What anybody may know of it: nobody signs in to ask whether the server is ready."""
    told = error.told if isinstance(error, Unavailable) else None
    return told or error.message


def _look_at_disk(use: Services) -> Check:
    try:
        free = shutil.disk_usage(use.data_folder).free
    except OSError as error:
        return Check(ok=False, detail=f"the data folder cannot be looked at: {error.strerror}")
    least = use.settings.free_disk_bytes
    return Check(ok=free >= least, detail=f"{free // 2**20} MiB are free, at least {least // 2**20} MiB are needed")
