"""`/events/{id}/members`: the cameras of an outage."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from core.access import Right
from core.ids import LAST_CAMERA, CameraId
from events.index.sight import check_event
from events.outages.listing import LostCamera, lost_cameras
from registry.audit.entry import Act

from .answers import Listing, Named, Paging, listing
from .caller import Who
from .events import EventInPath
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/events", tags=["events"])


class MemberView(Body):
    """A camera whose stream was lost in an outage."""

    camera: Named
    lost_at: Instant = Field(description="When it was lost first.")
    ended_at: Instant | None = Field(description="When pictures came again for good; null: they do not.")


@router.get("/{event}/members", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_members(use: Use, who: Who, event: EventInPath, asked: Annotated[Paging, Query()]) -> Listing[MemberView]:
    """The cameras of one uplink that were lost together, by number, as far as the caller may see what happened on them.
    An event of another kind has none."""
    cursor = None if asked.cursor is None else CameraId(min(asked.cursor, LAST_CAMERA))
    with use.database.read() as connection:
        scope = who.scope(connection)
        place = check_event(connection, scope, event)
        page = lost_cameras(connection, event, reach=scope[Right.EVENTS], cursor=cursor, limit=asked.limit)
    owners = {place.department, *(lost.department for lost in page.items)}
    detail = {"filters": {"members_of": str(event)}, "shown": {str(place.department): [str(event)]}}
    who.looks(Act.SEARCH, "event", event, camera=place.camera, departments=owners, detail=detail)
    return listing(page, _view)


def _view(lost: LostCamera) -> MemberView:
    return MemberView(camera=Named(id=lost.camera, name=lost.name), lost_at=lost.lost_at, ended_at=lost.ended_at)
