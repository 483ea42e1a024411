"""How streams are doing, as their workers said last."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import StreamId, StreamRole
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus

from .chunks import in_chunks
from .db import is_sqlite
from .page import Page
from .tables import camera, stream, stream_state


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """A status, and when the worker said so last."""

    status: StreamStatus
    seen_at: datetime


def put(connection: Connection, statuses: Iterable[StreamStatus], seen_at: datetime) -> None:
    """Keep the newest status of each stream. One of a stream that was removed meanwhile, or whose camera
    was, is left out."""
    latest = {status.stream: status for status in statuses}
    for chunk in in_chunks(latest):
        living = select(stream.c.id).join(camera, camera.c.id == stream.c.camera).where(camera.c.deleted_at.is_(None))
        known = set(connection.scalars(living.where(stream.c.id.in_(chunk))))
        rows = [_values(latest[number], seen_at) for number in chunk if number in known]
        if rows:
            _upsert(connection, rows)


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> dict[CameraId, SeenStatus]:
    """The status of the detect stream of each of these cameras, where there is one."""
    found: dict[CameraId, SeenStatus] = {}
    for chunk in in_chunks(cameras):
        statement = _detect_streams().where(stream_state.c.camera.in_(chunk))
        found |= {CameraId(row.camera): _status(row) for row in connection.execute(statement)}
    return found


def list_states(
    connection: Connection,
    *,
    state: StreamState | None = None,
    cursor: StreamId | None = None,
    limit: int = 100,
) -> Page[SeenStatus, StreamId]:
    """Statuses by stream number, after `cursor`; of every role."""
    statement = select(stream_state).order_by(stream_state.c.stream).limit(limit + 1)
    if state is not None:
        statement = statement.where(stream_state.c.state == state.value)
    if cursor is not None:
        statement = statement.where(stream_state.c.stream > cursor)
    items = [_status(row) for row in connection.execute(statement)]
    return Page(tuple(items[:limit]), items[limit - 1].status.stream if len(items) > limit else None)


def count_by_state(connection: Connection) -> dict[StreamState, int]:
    """How many cameras that are switched on are in which state, by their detect streams."""
    statement = (
        select(stream_state.c.state, func.count())
        .join(stream, stream.c.id == stream_state.c.stream)
        .join(camera, camera.c.id == stream.c.camera)
        .where(stream.c.role == StreamRole.DETECT.value, camera.c.enabled, camera.c.deleted_at.is_(None))
        .group_by(stream_state.c.state)
    )
    return {StreamState(state): number for state, number in connection.execute(statement)}


def forget(connection: Connection, cameras: Sequence[CameraId]) -> None:
    """Forget the statuses of these cameras: nobody watches them any more."""
    for chunk in in_chunks(cameras):
        connection.execute(delete(stream_state).where(stream_state.c.camera.in_(chunk)))


def counters_text(counters: StreamCounters) -> str:
    """Counters as the table keeps them."""
    return json.dumps({**asdict(counters), "dropped": dict(counters.dropped)})


def _detect_streams() -> Select[Any]:
    return (
        select(stream_state)
        .join(stream, stream.c.id == stream_state.c.stream)
        .where(stream.c.role == StreamRole.DETECT.value)
    )


def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(stream_state)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "stream"}
    connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_=changed), rows)


def _values(status: StreamStatus, seen_at: datetime) -> dict[str, Any]:
    return {
        "stream": status.stream,
        "camera": status.camera,
        "state": status.state.value,
        "since": status.since,
        "reason": status.reason,
        "codec": status.codec,
        "width": status.width,
        "height": status.height,
        "fps": status.fps,
        "next_try_at": status.next_try_at,
        "counters": counters_text(status.counters),
        "seen_at": seen_at,
    }


def _status(row: Row[tuple[object, ...]]) -> SeenStatus:
    counters: Mapping[str, Any] = json.loads(row.counters)
    status = StreamStatus(
        camera=CameraId(row.camera),
        stream=StreamId(row.stream),
        state=StreamState(row.state),
        since=row.since,
        reason=row.reason,
        counters=StreamCounters(**counters),
        codec=row.codec,
        width=row.width,
        height=row.height,
        fps=row.fps,
        next_try_at=row.next_try_at,
    )
    return SeenStatus(status, row.seen_at)
