"""When what happened on some cameras is within a reach: by who owned them then, and by the spans of the reach."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import numpy as np
from sqlalchemy import Connection, text

from core.camera import DepartmentId
from core.ids import EVENT_EPOCH, LAST_EVENT, CameraId, EventId, event_time

from .access.tenures import lowest_id
from .catalogue.known_whereabouts import steady_owners
from .columns import from_microseconds
from .db import is_sqlite
from .reach import Reach
from .spans import CameraSpan, Spans, joined

_THE_END: Final = event_time(LAST_EVENT)
_OWNERS: Final = (
    "SELECT camera.id, camera.department, f.until_at, f.department FROM {these} JOIN camera ON camera.id = k.value "
    "LEFT JOIN former_owner f ON f.camera = camera.id ORDER BY camera.id, f.until_at"
)
# The numbers are one parameter: to write a statement for each number of them would take longer than to run it.
_ON_SQLITE: Final = text(_OWNERS.format(these="json_each(:cameras) k"))
_ON_POSTGRESQL: Final = text(_OWNERS.format(these="unnest(CAST(:cameras AS integer[])) k(value)"))


@dataclass(frozen=True, slots=True)
class SpansWithin:
    """Spans of cameras that lie within a reach."""

    spans: list[CameraSpan]
    """By camera and time."""
    are_exact: bool
    """Whether all events in them are within reach. A camera that has changed hands may have some that are not, at the
    moment when it did: what a slow or a fast clock dated there."""


def spans_within(
    connection: Connection, reach: Reach, cameras: Collection[CameraId], *, slack: timedelta = timedelta(0)
) -> SpansWithin:
    """The spans of `cameras` that lie within `reach`; none of cameras that never were, which takes as long.

    The time of an owner is taken to be longer by `slack` at both ends: an event that a fast clock dated a moment too
    late has the owner of when it was written.
    """
    spans: list[CameraSpan] = []
    are_exact = True
    for number, owner, from_at, until_at in _owners(connection, cameras):
        lowest = EventId(0) if reach.is_all else reach.departments.get(owner)
        if lowest is not None:
            first = max(lowest, EventId(0) if from_at is None else _id_at(from_at - slack))
            last = LAST_EVENT if until_at is None else EventId(_id_at(until_at + slack) - 1)
            if first <= last:
                spans.append(CameraSpan(number, first, last))
                are_exact = are_exact and from_at is None and until_at is None
    named = np.array(sorted(cameras), np.int64)
    for at in np.flatnonzero(np.isin(reach.cameras, named)):
        number = CameraId(int(reach.cameras[at]))
        spans.append(CameraSpan(number, EventId(int(reach.lowest[at])), EventId(int(reach.highest[at]))))
    return SpansWithin(
        sorted(joined(Spans.of(spans)).listed(), key=lambda one: (one.camera, one.lowest)), reach.is_all or are_exact
    )


def _owners(
    connection: Connection, cameras: Collection[CameraId]
) -> Iterator[tuple[CameraId, DepartmentId, datetime | None, datetime | None]]:
    """Who owned each of `cameras` from when until when, oldest first; None: since ever, until now."""
    if (steady := steady_owners(connection, cameras)) is not None:
        yield from ((number, owner, None, None) for number, owner in steady.items())
        return
    if is_sqlite(connection):
        rows = connection.execute(_ON_SQLITE, {"cameras": json.dumps(list(cameras))})
    else:
        rows = connection.execute(_ON_POSTGRESQL, {"cameras": list(cameras)})
    for (number, owner), of_one in groupby(rows, key=lambda row: (CameraId(row[0]), DepartmentId(row[1]))):
        from_at = None
        for _, _, until_us, former in of_one:
            if until_us is not None:
                until_at = from_microseconds(until_us)
                yield number, DepartmentId(former), from_at, until_at
                from_at = until_at
        yield number, owner, from_at, None


def _id_at(at: datetime) -> EventId:
    return EventId(0) if at <= EVENT_EPOCH else lowest_id(min(at, _THE_END))
