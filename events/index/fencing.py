"""Fencing: an event counts only where its epoch was in force when it started.

A worker that was frozen, or cut off, goes on watching cameras that have been given to another one. What it saw while
it held their leases is true, whenever it arrives; what it saw afterwards the other one has seen too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from core.event import Event
from core.ids import CameraId
from registry.chunks import MOST_PARAMETERS, in_chunks
from registry.db import is_sqlite
from registry.tables import camera_epoch

from .tables import fenced_event

BEFORE: Final = timedelta(seconds=2)
"""So long before its epoch began an event may have started: a new connection brings what lay in the stream's buffer."""


@dataclass(frozen=True, slots=True)
class _Span:
    from_at: datetime
    until_at: datetime | None


class Fence:
    """When the epochs of some events were in force. For those who hold the lock of `changes`."""

    def __init__(self, connection: Connection, events: Collection[Event]) -> None:
        self._spans: dict[tuple[CameraId, int], _Span] = {}
        pairs = sorted({(one.camera, one.origin.epoch) for one in events})
        for chunk in in_chunks(pairs, MOST_PARAMETERS // 2):
            statement = select(camera_epoch).where(tuple_(camera_epoch.c.camera, camera_epoch.c.epoch).in_(chunk))
            for row in connection.execute(statement):
                self._spans[row.camera, row.epoch] = _Span(row.from_at, row.until_at)

    def lets_in(self, one: Event) -> bool:
        """Whether the epoch of `one` was in force when it started."""
        span = self._spans.get((one.camera, one.origin.epoch))
        if span is None or one.started_at < span.from_at - BEFORE:
            return False
        return span.until_at is None or one.started_at < span.until_at

    def is_over(self, one: Event) -> bool:
        """Whether nobody watches in the epoch of `one` any more."""
        span = self._spans.get((one.camera, one.origin.epoch))
        return span is None or span.until_at is not None


def put_fenced(connection: Connection, events: Collection[Event], at: datetime) -> None:
    """Put on record that these events were not accepted: a row for each origin, however often it comes."""
    if not events:
        return
    dialect = sqlite if is_sqlite(connection) else postgresql
    rows = [
        {
            "camera": one.camera,
            "epoch": one.origin.epoch,
            "n": one.origin.n,
            "started_at": one.started_at,
            "fenced_at": at,
        }
        for one in events
    ]
    connection.execute(dialect.insert(fenced_event).on_conflict_do_nothing(), rows)
