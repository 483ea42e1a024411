"""`/workers`: who watches the city's cameras."""

from fastapi import APIRouter
from pydantic import Field

from core.access import Role
from registry import workers
from registry.deal_plan import loads_of

from .caller import Who
from .fields import Body, Instant
from .live_worker import WorkerState, view_of
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["workers"])


class OneWorker(Body):
    """A worker, and its share of the city."""

    id: int
    name: str
    state: WorkerState
    since: Instant = Field(description="running: when it started; silent: when it was heard of last.")
    heartbeat_at: Instant = Field(description="When it was heard of last.")
    cameras: int = Field(description="How many it holds.")
    weight: float = Field(description="What they cost: each 1, and its pixels a second in units of 640x360 at 25.")
    capacity: float = Field(description="Its share against that of others: its processors, if nobody said otherwise.")


class Workers(Body):
    """All workers, the newest last."""

    items: list[OneWorker]


@router.get("/workers")
def list_workers(use: Use, who: Who) -> Workers:
    """The workers that are known: one that has been silent for long is forgotten once others have its cameras."""
    who.require_role(Role.CITY_ADMIN, to="look at the workers")
    with use.database.read() as connection:
        seen = workers.seen(connection)
        loads = loads_of(connection, seen.workers)
    items = []
    for worker in seen.workers:
        view, load = view_of(use, worker, seen.now), loads[worker.id]
        items.append(
            OneWorker(
                id=worker.id,
                name=worker.name,
                state=view.state,
                since=view.since,
                heartbeat_at=worker.heartbeat_at,
                cameras=load.cameras,
                weight=round(load.weight, 2),
                capacity=worker.capacity,
            )
        )
    return Workers(items=items)
