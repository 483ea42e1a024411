"""What each worker said last of all its streams: one row a worker, however many streams it has."""

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from core.camera import StreamId
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamState, StreamStatus

from .chunks import in_chunks
from .columns import from_microseconds, to_microseconds
from .db import is_sqlite
from .tables import worker_report
from .workers import WorkerId

_FORM: Final = "1"
"""A report of another form is one of another version of the program, and is not read."""
_QUICK: Final = 1
_FEW: Final = 20
"""So many lines of a report are found sooner than all of them are taken apart."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A status, and when its worker said so."""

    status: StreamStatus
    at: datetime


def put(connection: Connection, worker: WorkerId, statuses: Iterable[StreamStatus], at: datetime) -> None:
    """Keep what `worker` says of all its streams at `at`, in place of what it said before."""
    text = "\n".join([_FORM, *(f"{status.stream}\t{_text(status)}" for status in statuses)])
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(worker_report).values(worker=worker, at=at, body=zlib.compress(text.encode(), _QUICK))
    renewed = {name: statement.excluded[name] for name in ("at", "body")}
    connection.execute(statement.on_conflict_do_update(index_elements=[worker_report.c.worker], set_=renewed))


def read(connection: Connection, worker: WorkerId) -> list[Reported]:
    """All that `worker` said last."""
    row = connection.execute(select(worker_report).where(worker_report.c.worker == worker)).one_or_none()
    return [] if row is None else [_reported(stream, text, row.at) for stream, text in _lines(row.body)]


def of_streams(connection: Connection, workers: Mapping[StreamId, WorkerId]) -> dict[StreamId, Reported]:
    """What the given worker of each stream said last of it, where it did. Each report is opened once."""
    asked: defaultdict[int, set[StreamId]] = defaultdict(set)
    for stream, number in workers.items():
        asked[number].add(stream)
    found: dict[StreamId, Reported] = {}
    for chunk in in_chunks(asked):
        for row in connection.execute(select(worker_report).where(worker_report.c.worker.in_(chunk))):
            found |= _of(row.body, asked[row.worker], row.at)
    return found


def _of(body: bytes, streams: Collection[StreamId], at: datetime) -> dict[StreamId, Reported]:
    if len(streams) > _FEW:
        return {stream: _reported(stream, text, at) for stream, text in _lines(body) if stream in streams}
    # A page of a list has cameras of as many workers: taking all their reports apart would take most of its time.
    report = f"{_opened(body)}\n"
    found = {}
    for stream in streams:
        head = f"\n{stream}\t"
        if (at_head := report.find(head)) >= 0:
            begin = at_head + len(head)
            found[stream] = _reported(stream, report[begin : report.index("\n", begin)], at)
    return found


def _lines(body: bytes) -> list[tuple[StreamId, str]]:
    """A line a stream, so that who asks for one need not parse the others."""
    lines = _opened(body).split("\n")[1:]
    return [(StreamId(int(number)), text) for number, _, text in (line.partition("\t") for line in lines)]


def _opened(body: bytes) -> str:
    """The form, and a line a stream; nothing where the form is another one."""
    report = zlib.decompress(body).decode()
    return report if report.partition("\n")[0] == _FORM else ""


def _text(status: StreamStatus) -> str:
    counters = status.counters
    return json.dumps(
        [
            *(status.camera, status.state.value, to_microseconds(status.since), status.reason),
            *(status.codec, status.width, status.height, status.fps),
            None if status.next_try_at is None else to_microseconds(status.next_try_at),
            {**asdict(counters), "dropped": dict(counters.dropped)},
        ]
    )


def _reported(stream: StreamId, text: str, at: datetime) -> Reported:
    camera, state, since, reason, codec, width, height, fps, next_try_at, counters = _list(text)
    status = StreamStatus(
        camera=CameraId(camera),
        stream=stream,
        state=StreamState(state),
        since=from_microseconds(since),
        reason=reason,
        counters=StreamCounters(**counters),
        codec=codec,
        width=width,
        height=height,
        fps=fps,
        next_try_at=None if next_try_at is None else from_microseconds(next_try_at),
    )
    return Reported(status, at)


def _list(text: str) -> list[Any]:
    parsed: list[Any] = json.loads(text)
    return parsed
