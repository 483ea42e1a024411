"""`/events/{id}/snapshot` and `/events/{id}/clip`: what there is to see of an event, masked."""

from typing import Literal, assert_never

from fastapi import APIRouter, Request, Response
from pydantic import Field

from core.access import Right
from core.errors import NothingToShow, Unavailable
from core.ids import EventId
from events.index.sight import EventPlace, check_event
from events.media import records
from events.media.blackout import Areas, areas_mark
from events.media.masked_clips import Failed, Making, Missing, Ready, Waiting
from events.media.records import WAITS_FOR_STORE
from events.media.table import MediaKind, MediaState
from registry import privacy_areas
from registry.audit.entry import Act

from .caller import Caller, Who
from .events import EventInPath
from .fields import Body
from .looking import look
from .ranges import file_answers, file_response, medium_etag
from .services import Services, Use

router = APIRouter(prefix="/api/v1/events", tags=["media"])

_AGAIN_S = 1


class MakingView(Body):
    """The clip is being made: ask again after as many seconds as `Retry-After` says."""

    state: Literal["making"] = "making"
    progress: float = Field(description="The share that is done, 0 to 1.")


@router.head("/{event}/snapshot", include_in_schema=False)
@router.get("/{event}/snapshot", response_class=Response, responses=file_answers("image/jpeg"))
def read_snapshot(request: Request, use: Use, who: Who, event: EventInPath) -> Response:
    """The masked picture of the event (JPEG), black where its camera has privacy areas now; 404 with the reason where
    there is none."""
    place, key, areas = _find_snapshot(use, who, event)
    look(request, who, Act.LOOK_AT_SNAPSHOT, "event", event, camera=place.camera, department=place.department)
    file, size = use.snapshots.open(key, areas)
    etag = medium_etag(event, size, areas_mark(areas))
    return file_response(request, file, size=size, etag=etag, media_type="image/jpeg")


@router.head("/{event}/clip", include_in_schema=False)
@router.get(
    "/{event}/clip",
    response_class=Response,
    responses={
        **file_answers("video/mp4"),
        202: {
            "description": "The clip is being made; `Retry-After` says when to ask again.",
            "model": MakingView,
            "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "In seconds."}},
        },
    },
)
def read_clip(request: Request, use: Use, who: Who, event: EventInPath) -> Response:
    """The masked clip of the event (MP4, H.264). Asking for it first begins its making."""
    with use.database.read() as connection:
        place = check_event(connection, who.scope(connection), event, Right.MEDIA)
    match use.clips.request(event):
        case Ready(key=key, bytes=size, mark=mark):
            look(request, who, Act.LOOK_AT_CLIP, "event", event, camera=place.camera, department=place.department)
            file = use.blobs.open(key)
            etag = medium_etag(event, size, mark)
            return file_response(request, file, size=size, etag=etag, media_type="video/mp4")
        case Making(progress=progress):
            body = MakingView(progress=progress).model_dump_json()
            headers = {"Retry-After": str(_AGAIN_S)}
            return Response(body, status_code=202, headers=headers, media_type="application/json")
        case Failed(reason=reason):
            raise Unavailable(f"the clip of event {event} could not be made: {reason}", hint="it is tried again later")
        case Waiting():
            raise NothingToShow(f"event {event} has no clip yet: {WAITS_FOR_STORE}", hint="ask again in a minute")
        case Missing(reason=reason):
            raise NothingToShow(f"event {event} has no clip: {reason}")
        case other:
            assert_never(other)


def _find_snapshot(use: Services, who: Caller, event: EventId) -> tuple[EventPlace, str, Areas]:
    """Where the event is, its snapshot, and what is black there. Raises `NotFound` with the reason."""
    with use.database.read() as connection:
        place = check_event(connection, who.scope(connection), event, Right.MEDIA)
        record = records.find(connection, event, MediaKind.SNAPSHOT)
        areas = privacy_areas.polygons_of(connection, place.camera)
    if record is None:
        raise NothingToShow(f"event {event} has no snapshot: none was taken")
    if record.spooled_at is not None:
        raise NothingToShow(f"event {event} has no snapshot yet: {WAITS_FOR_STORE}", hint="ask again in a minute")
    if record.state is MediaState.PENDING:
        raise NothingToShow(f"event {event} has no snapshot yet: it is being masked", hint="ask again in a moment")
    if record.blob is None:
        raise NothingToShow(f"event {event} has no snapshot: {record.reason or 'it could not be made'}")
    return place, record.blob.key, areas
