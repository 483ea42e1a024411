"""How streams are doing, as their workers said last."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import StreamId, StreamRole
from core.ids import CameraId
from core.spell import NotWatched
from core.stream_state import StreamCounters, StreamState, StreamStatus

from . import spells, worker_reports
from .catalogue.conditions import IS_SAID
from .catalogue.filter import CameraFilter
from .catalogue.search import plan
from .chunks import in_chunks
from .db import is_sqlite
from .page import Page
from .reach import EVERYTHING, Reach
from .spells import Turn
from .tables import camera, camera_epoch, stream, stream_state, worker
from .workers import WorkerId

_NOBODY: Final = WorkerId(0)
"""The worker of a state that was so once, and of which nobody can say anything now."""
_IS_SAID: Final = stream_state.c.worker.is_distinct_from(_NOBODY)


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """A status, and when the worker said so last."""

    status: StreamStatus
    seen_at: datetime


def put(connection: Connection, worker: WorkerId, statuses: Iterable[StreamStatus], seen_at: datetime) -> None:
    """Keep what `worker` says of streams at `seen_at`, and let the spells of detect streams turn with it.

    Left out is a stream that was removed, or whose camera was, or is switched off or another worker's by now. So
    whoever deals changes first the workers' rows, then the leases, then the states; and who renews a heartbeat does
    that first.
    """
    latest = {status.stream: status for status in statuses}
    for chunk in in_chunks(latest):
        found = _streams_of(connection, worker, chunk)
        rows = [_values(latest[number], worker, seen_at) for number in chunk if number in found]
        if rows:
            _upsert(connection, rows)
        detecting = [latest[number] for number, role in found.items() if role is StreamRole.DETECT]
        spells.turn(
            connection,
            [Turn(one.camera, one.state, one.reason, min(one.since, seen_at), worker) for one in detecting],
        )


def unwatch(connection: Connection, cameras: Sequence[CameraId], at: datetime, reason: str) -> None:
    """Nobody has watched these cameras since `at`: their worker ended, or did not answer any more.

    What is known of a stream's size stays: it says how much work the camera is.
    """
    for chunk in in_chunks(cameras):
        connection.execute(update(stream_state).where(stream_state.c.camera.in_(chunk)).values(worker=_NOBODY))
    spells.turn(connection, [Turn(number, NotWatched.UNWATCHED, reason, at, None) for number in cameras])


def forget(connection: Connection, cameras: Sequence[CameraId], at: datetime) -> None:
    """These cameras are not to be watched any more: since `at` there is nothing to be told of them."""
    for chunk in in_chunks(cameras):
        connection.execute(delete(stream_state).where(stream_state.c.camera.in_(chunk)))
    spells.end(connection, cameras, at)


def of_cameras(connection: Connection, cameras: Sequence[CameraId]) -> dict[CameraId, SeenStatus]:
    """The status of the detect stream of each of these cameras, where there is one."""
    rows: list[Row[Any]] = []
    for chunk in in_chunks(cameras):
        rows += connection.execute(_OF_CAMERAS, {"cameras": chunk}).all()
    return {seen.status.camera: seen for seen in _seen(connection, rows)}


def list_states(
    connection: Connection,
    *,
    state: StreamState | None = None,
    cursor: StreamId | None = None,
    limit: int = 100,
    reach: Reach = EVERYTHING,
) -> Page[SeenStatus, StreamId]:
    """Statuses by stream number, after `cursor`; of every role, of cameras within `reach`."""
    statement = _STATES.order_by(stream_state.c.stream)
    if reach.is_all:
        statement = statement.limit(limit + 1)
        if state is not None:
            statement = statement.where(stream_state.c.state == state.value)
        if cursor is not None:
            statement = statement.where(stream_state.c.stream > cursor)
    else:
        statement = statement.where(stream_state.c.stream.in_(_reached(connection, reach, state, cursor, limit + 1)))
    items = _seen(connection, connection.execute(statement).all())
    return Page(tuple(items[:limit]), items[limit - 1].status.stream if len(items) > limit else None)


def _reached(
    connection: Connection, reach: Reach, state: StreamState | None, cursor: StreamId | None, limit: int
) -> list[StreamId]:
    """The first streams after `cursor` whose cameras are within `reach` and of which there is something to be told."""
    how = plan(connection, CameraFilter(reach=reach))
    if how is None:
        return []
    # Where many cameras are within reach, the streams are gone through in their order until there are enough.
    tables = f"{how.tables} CROSS JOIN stream_state s" if how.begin else "stream_state s CROSS JOIN camera c"
    in_state = "" if state is None else "AND s.state = :state "
    statement = text(
        f"{how.begin} SELECT s.stream FROM {tables} WHERE s.camera = c.id AND s.stream > :after {in_state}"  # noqa: S608
        f"AND {IS_SAID} AND {how.where} ORDER BY s.stream LIMIT :limit"
    )
    given = {**how.given, "after": cursor or 0, "limit": limit, "state": state and state.value}
    return [StreamId(number) for number in connection.scalars(statement, given)]


def counters_text(counters: StreamCounters) -> str:
    """Counters as the table keeps them."""
    return json.dumps({**asdict(counters), "dropped": dict(counters.dropped)})


_STATES: Final = (
    select(stream_state, worker.c.heartbeat_at).outerjoin(worker, worker.c.id == stream_state.c.worker).where(_IS_SAID)
)


_OF_CAMERAS: Final = _STATES.join(stream, stream.c.id == stream_state.c.stream).where(
    stream.c.role == StreamRole.DETECT.value, stream_state.c.camera.in_(bindparam("cameras", expanding=True))
)
"""Of their detect streams."""


def _streams_of(connection: Connection, by: WorkerId, numbers: Sequence[StreamId]) -> dict[StreamId, StreamRole]:
    """Those of the streams that are there, and of which `by` has to say something."""
    elsewhere = (
        select(camera_epoch.c.camera)
        .where(camera_epoch.c.camera == stream.c.camera, camera_epoch.c.until_at.is_(None), camera_epoch.c.worker != by)
        .exists()
    )
    statement = (
        select(stream.c.id, stream.c.role)
        .join(camera, camera.c.id == stream.c.camera)
        .where(stream.c.id.in_(numbers), camera.c.enabled, camera.c.deleted_at.is_(None), ~elsewhere)
    )
    return {StreamId(row.id): StreamRole(row.role) for row in connection.execute(statement)}


def _upsert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(stream_state)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "stream"}
    connection.execute(statement.on_conflict_do_update(index_elements=["stream"], set_=changed), rows)


def _values(status: StreamStatus, worker: WorkerId, seen_at: datetime) -> dict[str, Any]:
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
        "worker": worker,
    }


def _seen(connection: Connection, rows: Sequence[Row[Any]]) -> list[SeenStatus]:
    """The statuses of these rows, each as its worker said last: in the row, or in its report. A worker that is alive
    would say what is new."""
    reports = worker_reports.of_streams(connection, {row.stream: row.worker for row in rows if row.worker is not None})
    seen = []
    for row in rows:
        heard_at = max(row.seen_at, row.heartbeat_at or row.seen_at)
        report = reports.get(row.stream)
        if report is not None and report.at >= row.seen_at:
            seen.append(SeenStatus(report.status, max(heard_at, report.at)))
        else:
            seen.append(SeenStatus(_status(row), heard_at))
    return seen


def _status(row: Row[Any]) -> StreamStatus:
    counters: Mapping[str, Any] = json.loads(row.counters)
    return StreamStatus(
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
