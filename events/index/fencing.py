"""Fencing: an event counts only where its epoch was not over yet when it started.

A worker that was frozen, or cut off, goes on watching cameras that have been given to another one. What it saw while
it held their leases is true, whenever it arrives; what it saw afterwards the other one has seen too. When the epoch
began is not asked: who has its number has held the lease, and a clock that was set back may tell of hours before.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite

from core.event import Event
from core.ids import CameraId
from registry.columns import Instant
from registry.db import is_sqlite

from ..number_lists import listed
from .tables import fenced_event

_OF_PAIRS: Final = """
    SELECT e.camera, e.epoch, e.until_at FROM {pairs} CROSS JOIN camera_epoch e
    WHERE e.camera = {camera} AND e.epoch = {epoch}
"""
_ENDS: Final = {
    embedded: text(_OF_PAIRS.format(pairs=pairs, camera=camera, epoch=epoch)).columns(until_at=Instant)
    for embedded, pairs, camera, epoch in (
        (True, "json_each(:pairs) p", "json_extract(p.value, '$[0]')", "json_extract(p.value, '$[1]')"),
        (
            False,
            "unnest(CAST(:cameras AS integer[]), CAST(:epochs AS integer[])) p(camera, epoch)",
            "p.camera",
            "p.epoch",
        ),
    )
}


class Fence:
    """When the epochs of some events ended. For those who hold the lock of `changes`."""

    def __init__(self, connection: Connection, events: Collection[Event]) -> None:
        self._ends: dict[tuple[CameraId, int], datetime | None] = {}
        pairs = sorted({(one.camera, one.origin.epoch) for one in events})
        if is_sqlite(connection):
            given = {"pairs": json.dumps(pairs)}
        else:
            columns = {name: [pair[at] for pair in pairs] for at, name in enumerate(("cameras", "epochs"))}
            given = {name: listed(numbers, embedded=False) for name, numbers in columns.items()}
        for row in connection.execute(_ENDS[is_sqlite(connection)], given):
            self._ends[row.camera, row.epoch] = row.until_at

    def lets_in(self, one: Event) -> bool:
        """Whether the epoch of `one` exists, and was not over when it started."""
        epoch = one.camera, one.origin.epoch
        if epoch not in self._ends:
            return False
        until_at = self._ends[epoch]
        return until_at is None or one.started_at < until_at

    def is_over(self, one: Event) -> bool:
        """Whether nobody watches in the epoch of `one` any more."""
        epoch = one.camera, one.origin.epoch
        return epoch not in self._ends or self._ends[epoch] is not None


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
