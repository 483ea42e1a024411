"""The cameras of an outage, as a list shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import Connection, func, select

from core.camera import DepartmentId
from core.ids import CameraId, EventId, event_id
from registry.page import Page
from registry.reach import EVERYTHING, Reach
from registry.tables import camera

from ..index.tables import outage, outage_member

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class LostCamera:
    """A camera whose stream was lost in an outage."""

    camera: CameraId
    name: str
    department: DepartmentId
    """Who owned it when it was lost."""
    lost_at: datetime
    """When it was lost first."""
    ended_at: datetime | None
    """When it was back for good; None: it is lost."""


def lost_cameras(
    connection: Connection,
    event: EventId,
    *,
    reach: Reach = EVERYTHING,
    cursor: CameraId | None = None,
    limit: int = 100,
) -> Page[LostCamera, CameraId]:
    """The cameras of an outage by number, after `cursor`: those whose loss, as an event, lies within `reach`. An event
    that is no outage has none."""
    within = (
        lost
        for lost in _all(connection, event, cursor, max(limit + 1, _AT_ONCE))
        if reach.has_event(event_id(lost.lost_at, lost.camera), lost.camera, lost.department)
    )
    found = list(islice(within, limit + 1))
    return Page(tuple(found[:limit]), found[limit - 1].camera if len(found) > limit else None)


def _all(connection: Connection, event: EventId, cursor: CameraId | None, at_once: int) -> Iterator[LostCamera]:
    ended = func.count(outage_member.c.ended_at) == func.count()
    statement = (
        select(
            camera.c.id,
            camera.c.name,
            func.min(outage_member.c.lost_at).label("lost_at"),
            func.max(outage_member.c.ended_at).label("ended_at"),
            ended.label("is_back"),
            outage.c.department,
        )
        .join(camera, camera.c.id == outage_member.c.camera)
        .join(outage, outage.c.event == outage_member.c.event)
        .where(outage_member.c.event == event)
        .group_by(camera.c.id, camera.c.name, outage.c.department)
        .order_by(camera.c.id)
        .limit(at_once)
    )
    rows = connection.execute(statement if cursor is None else statement.where(camera.c.id > cursor)).all()
    while rows:
        for row in rows:
            owner = DepartmentId(row.department)
            yield LostCamera(CameraId(row.id), row.name, owner, row.lost_at, row.ended_at if row.is_back else None)
        rows = connection.execute(statement.where(camera.c.id > rows[-1].id)).all() if len(rows) == at_once else []
