"""`/alert-pictures/{token}`: the masked snapshot of an alert, by the link in its message."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from core.access import Right
from core.errors import NotFound, Refused
from core.ids import EventId
from events.alerts import picture_links, subscriptions
from events.alerts.picture_links import Pictured
from events.alerts.seen_by import as_recorded, department_principal
from events.alerts.subscription import Subscription, SubscriptionState
from events.index.sight import EventPlace, check_event
from events.media import records
from events.media.blackout import Areas, areas_mark
from events.media.table import MediaKind
from registry import privacy_areas
from registry.audit.entry import Act, Actor, Entry
from registry.audit.recent import RecentLooks

from .authentication import address_of
from .problems import Kind, documented
from .ranges import file_answers, file_response, medium_etag
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["alerts"])

_NOTHING: Final = "there is no such picture, or not any more"
Token = Annotated[str, Path(description="What a message's link ends in.")]


@router.head("/alert-pictures/{token}", include_in_schema=False)
@router.get(
    "/alert-pictures/{token}",
    response_class=Response,
    responses={**file_answers("image/jpeg"), **documented(Kind.NOT_FOUND, Kind.BAD_INPUT)},
)
def read_alert_picture(request: Request, use: Use, token: Token) -> Response:
    """The masked picture of an event (JPEG), for whom has the link and for some minutes: while the subscription is
    active and its department may see it. Everything else is one and the same 404."""
    pictured = picture_links.read(use.sealing_key, token, use.clock.now())
    if pictured is None:
        raise NotFound(_NOTHING)
    some, place, key, areas = _find(use, pictured)
    _look(request, use, some, pictured.event, place)
    file, size = use.snapshots.open(key, areas)
    etag = medium_etag(pictured.event, size, areas_mark(areas))
    return file_response(request, file, size=size, etag=etag, media_type="image/jpeg", caching="no-store")


def _find(use: Services, pictured: Pictured) -> tuple[Subscription, EventPlace, str, Areas]:
    """For whom, where it happened, which blob it is, and what is black in it.

    Raises `NotFound` in the words of all that is not there.
    """
    with use.database.read() as connection:
        try:
            some = subscriptions.get(connection, pictured.subscription)
            scope = use.visibility.scope(connection, department_principal(some.department))
            place = check_event(connection, scope, pictured.event, Right.MEDIA)
        except (NotFound, Refused):
            raise NotFound(_NOTHING) from None
        record = records.find(connection, pictured.event, MediaKind.SNAPSHOT)
        areas = privacy_areas.polygons_of(connection, place.camera)
    if some.state is not SubscriptionState.ACTIVE or not some.with_picture or record is None or record.blob is None:
        raise NotFound(_NOTHING)
    return some, place, record.blob.key, areas


def _look(request: Request, use: Services, some: Subscription, event: EventId, place: EventPlace) -> None:
    """Put on record that the receiver of a subscription looks, once in five minutes from an address."""
    if request.method == "HEAD":
        return
    address = address_of(request)
    recent: RecentLooks = request.app.state.recent_looks
    entry = Entry(
        at=use.clock.now(),
        act=Act.LOOK_AT_SNAPSHOT,
        actor=Actor.of(as_recorded(some)),
        address=address,
        object_kind="event",
        object=str(event),
        camera=place.camera,
        departments=frozenset({place.department, some.department}),
        detail={"subscription": some.id},
    )
    recent.once(("subscription", some.id, address, event), lambda: use.looks.record(entry))
