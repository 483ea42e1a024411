"""`/overview`: the city in a few numbers."""

from fastapi import APIRouter
from pydantic import Field

from core.stream_state import StreamState
from registry import cameras, stream_states, workers

from .fields import Body
from .live_worker import WorkerView, any_worker
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["cameras"])


class Overview(Body):
    """The city in a few numbers."""

    cameras: int
    by_state: dict[StreamState, int] = Field(description="How many enabled cameras are in which state.")
    worker: WorkerView | None = Field(description="Who watches the cameras; null: nobody.")


@router.get("/overview")
def overview(use: Use) -> Overview:
    """How many cameras there are, how they are doing, and whether a worker watches them."""
    with use.database.read() as connection:
        return Overview(
            cameras=cameras.count(connection),
            by_state=stream_states.count_by_state(connection),
            worker=any_worker(use, workers.seen(connection)),
        )
