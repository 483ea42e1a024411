"""`/stream-states`: how streams are doing, as their workers said last."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from core.access import Right
from core.camera import StreamId
from core.stream_state import StreamState
from registry import stream_states
from registry.owners import owners_now
from registry.stream_states import SeenStatus

from .answers import Listing, Paging, listing
from .caller import Who
from .fields import LAST_NUMBER, Body, CameraNumber, Instant, StreamNumber
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["streams"])


class CountersView(Body):
    """What a stream has brought since its reader started."""

    connections: int = Field(description="How often it was opened with success.")
    packets: int
    bytes: int
    frames: int = Field(description="Pictures decoded.")
    broken: int = Field(description="Packets that could not be decoded.")
    looked_at: int = Field(description="Pictures that a detector looked at.")
    dropped: dict[str, int] = Field(description="Pictures not looked at, by reason.")


class StatusView(Body):
    """A stream's state, since when, and why."""

    camera: CameraNumber
    stream: StreamNumber
    state: StreamState
    since: Instant
    reason: str = Field(
        description="What happened, for a person; empty for who may not change the camera: it may name its address."
    )
    codec: str | None
    width: int | None = Field(description="In pixels.")
    height: int | None = Field(description="In pixels.")
    fps: float | None
    next_try_at: Instant | None = Field(description="When it is opened again, where it is not open.")
    counters: CountersView
    seen_at: Instant = Field(description="When the worker said so last.")


class StatusFilter(Paging):
    """Which states are asked for."""

    state: StreamState | None = Field(default=None, description="Only streams in this state.")


def view(seen: SeenStatus, *, tells_why: bool = True) -> StatusView:
    """A status as the API shows it, the reason only to who may change the camera."""
    status, counters = seen.status, seen.status.counters
    return StatusView(
        camera=status.camera,
        stream=status.stream,
        state=status.state,
        since=status.since,
        reason=status.reason if tells_why else "",
        codec=status.codec,
        width=status.width,
        height=status.height,
        fps=status.fps,
        next_try_at=status.next_try_at,
        counters=CountersView(
            connections=counters.connections,
            packets=counters.packets,
            bytes=counters.bytes,
            frames=counters.frames,
            broken=counters.broken,
            looked_at=counters.looked_at,
            dropped=dict(counters.dropped),
        ),
        seen_at=seen.seen_at,
    )


@router.get("/stream-states", responses=documented(Kind.BAD_INPUT))
def list_states(use: Use, who: Who, asked: Annotated[StatusFilter, Query()]) -> Listing[StatusView]:
    """The states of all streams, by stream number."""
    cursor = None if asked.cursor is None else StreamId(min(asked.cursor, LAST_NUMBER))
    with use.database.read() as connection:
        scope = who.scope(connection)
        page = stream_states.list_states(
            connection, state=asked.state, cursor=cursor, limit=asked.limit, reach=scope[Right.LIST]
        )
        owners = owners_now(connection, {seen.status.camera for seen in page.items})
    manages = scope[Right.MANAGE]

    def shown(seen: SeenStatus) -> StatusView:
        number = seen.status.camera
        return view(seen, tells_why=number in owners and manages.has_camera(number, owners[number]))

    return listing(page, shown)
