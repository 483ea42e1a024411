"""When what happened on some cameras is within a reach: by who owned them then, and by the spans of the reach."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import numpy as np
from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.ids import EVENT_EPOCH, LAST_EVENT, CameraId, EventId, event_time

from .access.tenures import lowest_id
from .chunks import in_chunks
from .reach import Reach
from .spans import CameraSpan, Spans, joined
from .tables import camera, former_owner

_THE_END: Final = event_time(LAST_EVENT)
_OWNERS: Final = (
    select(camera.c.id, camera.c.department, former_owner.c.until_at, former_owner.c.department.label("former"))
    .outerjoin(former_owner, former_owner.c.camera == camera.c.id)
    .order_by(camera.c.id, former_owner.c.until_at)
)


def spans_within(
    connection: Connection, reach: Reach, cameras: Collection[CameraId], *, slack: timedelta = timedelta(0)
) -> list[CameraSpan]:
    """The spans of `cameras` that lie within `reach`, by camera and time; none of cameras that never were, which takes
    as long.

    The time of an owner is taken to be longer by `slack` at both ends: an event that a fast clock dated a moment too
    late has the owner of when it was written.
    """
    spans: list[CameraSpan] = []
    for chunk in list(in_chunks(sorted(cameras))) or [[]]:
        for number, owner, from_at, until_at in _owners(connection, chunk):
            lowest = EventId(0) if reach.is_all else reach.departments.get(owner)
            if lowest is not None:
                first = max(lowest, EventId(0) if from_at is None else _id_at(from_at - slack))
                last = LAST_EVENT if until_at is None else EventId(_id_at(until_at + slack) - 1)
                if first <= last:
                    spans.append(CameraSpan(number, first, last))
    named = np.array(sorted(cameras), np.int64)
    for at in np.flatnonzero(np.isin(reach.cameras, named)):
        number = CameraId(int(reach.cameras[at]))
        spans.append(CameraSpan(number, EventId(int(reach.lowest[at])), EventId(int(reach.highest[at]))))
    return sorted(joined(Spans.of(spans)).listed(), key=lambda one: (one.camera, one.lowest))


def _owners(
    connection: Connection, cameras: Collection[CameraId]
) -> Iterator[tuple[CameraId, DepartmentId, datetime | None, datetime | None]]:
    """Who owned each of `cameras` from when until when, oldest first; None: since ever, until now."""
    rows = connection.execute(_OWNERS.where(camera.c.id.in_(cameras)))
    for (number, owner), of_one in groupby(rows, key=lambda row: (CameraId(row.id), DepartmentId(row.department))):
        from_at = None
        for row in of_one:
            if row.until_at is not None:
                yield number, DepartmentId(row.former), from_at, row.until_at
                from_at = row.until_at
        yield number, owner, from_at, None


def _id_at(at: datetime) -> EventId:
    return EventId(0) if at <= EVENT_EPOCH else lowest_id(min(at, _THE_END))
