"""The cameras of an outage, as a list shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from core.ids import CameraId, EventId
from registry.page import Page
from registry.tables import camera

from ..index.tables import outage_member


@dataclass(frozen=True, slots=True)
class LostCamera:
    """A camera whose stream was lost in an outage."""

    camera: CameraId
    name: str
    lost_at: datetime
    """When it was lost first."""
    ended_at: datetime | None
    """When it was back for good; None: it is lost."""


def lost_cameras(
    connection: Connection, event: EventId, *, cursor: CameraId | None = None, limit: int = 100
) -> Page[LostCamera, CameraId]:
    """The cameras of an outage by number, after `cursor`. An event that is no outage has none."""
    ended = func.count(outage_member.c.ended_at) == func.count()
    statement = (
        select(
            camera.c.id,
            camera.c.name,
            func.min(outage_member.c.lost_at).label("lost_at"),
            func.max(outage_member.c.ended_at).label("ended_at"),
            ended.label("is_back"),
        )
        .join(camera, camera.c.id == outage_member.c.camera)
        .where(outage_member.c.event == event)
        .group_by(camera.c.id, camera.c.name)
        .order_by(camera.c.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        statement = statement.where(camera.c.id > cursor)
    found = [
        LostCamera(CameraId(row.id), row.name, row.lost_at, row.ended_at if row.is_back else None)
        for row in connection.execute(statement)
    ]
    return Page(tuple(found[:limit]), found[limit - 1].camera if len(found) > limit else None)
