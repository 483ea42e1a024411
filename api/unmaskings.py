"""`/unmaskings`: seeing originals, clips of events or live pictures, each time with a reason, and with a second person
where the department that owns the event or the camera wants one."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from core.access import Right
from core.errors import Conflict
from events.index.sight import check_event
from registry import cameras
from registry.access import unmaskings
from registry.access.unmasking import Unmasking, UnmaskingId, UnmaskingState
from registry.access.unmasking_powers import UnmaskingPowers
from registry.access.unmaskings import LONGEST_REASON, SHORTEST_REASON
from registry.audit.entry import Act
from registry.idempotency import Transaction
from registry.sight import check_camera

from .answers import CameraInPath, Listing, Paging, listing
from .caller import Caller, Who
from .events import EventInPath
from .fields import LAST_NUMBER, Body, Text
from .idempotency import FirstTime
from .looking import look
from .open_unmasking import TO_SEE_ORIGINALS, open_unmasking, unmasking_powers
from .permission import Permission
from .problems import Kind, documented
from .ranges import file_answers, file_response
from .services import Use
from .standing import StandingWatch
from .unmasking_views import UnmaskingView, unmasking_names, unmasking_view

router = APIRouter(prefix="/api/v1", tags=["unmaskings"])

UnmaskingInPath = Annotated[UnmaskingId, Path(ge=1, le=LAST_NUMBER, description="The unmasking's number.")]


class NewUnmasking(Body):
    """What an original is to be seen for."""

    reason: Text = Field(
        description=f"What for: {SHORTEST_REASON} to {LONGEST_REASON} characters. It stands in the record beside each "
        "look.",
        examples=["核实闸门被谁关闭的报警"],
    )


class SecondOpinion(Body):
    """Why an unmasking is approved or refused, where something is to be said."""

    why: Text = ""


class UnmaskingQuery(Paging):
    """Which unmaskings are asked for."""

    state: UnmaskingState | None = None


@router.post(
    "/events/{event}/unmaskings",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def ask_for_original(use: Use, who: Who, event: EventInPath, body: NewUnmasking, once: FirstTime) -> UnmaskingView:
    """Ask to see the original clip of an event. It is open at once, or waits for a second person where the department
    wants one."""
    person = who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.write() as connection:
        once.begin(connection)
        place = check_event(connection, who.scope(connection), event, Right.UNMASKED)
        asked = unmaskings.ask(
            connection,
            person,
            event,
            place.department,
            body.reason,
            use.visibility.now(connection),
            lasts=use.access.unmasking_lasts,
        )
        _put_on_record(connection, who, Act.UNMASKING_ASKED, asked, {"state": asked.state.value})
        shown = _view(connection, asked, unmasking_powers(connection, who))
        return once.keep(connection, shown)


@router.post(
    "/cameras/{camera}/unmaskings",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def ask_for_live_original(
    use: Use, who: Who, camera: CameraInPath, body: NewUnmasking, once: FirstTime
) -> UnmaskingView:
    """Ask to see what a camera shows live, without masks. It is open at once, or waits for a second person where the
    department that owns the camera wants one; then a WebSocket at `/cameras/{camera}/live-original?unmasking=` shows
    it."""
    person = who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.write() as connection:
        once.begin(connection)
        owner = check_camera(connection, who.scope(connection), camera, Right.UNMASKED)
        cameras.get(connection, camera)
        asked = unmaskings.ask_live(
            connection,
            person,
            camera,
            owner,
            body.reason,
            use.visibility.now(connection),
            lasts=use.access.unmasking_lasts,
        )
        _put_on_record(connection, who, Act.UNMASKING_ASKED, asked, {"state": asked.state.value})
        shown = _view(connection, asked, unmasking_powers(connection, who))
        return once.keep(connection, shown)


@router.get("/unmaskings", responses=documented(Kind.BAD_INPUT))
def list_unmaskings(use: Use, who: Who, asked: Annotated[UnmaskingQuery, Query()]) -> Listing[UnmaskingView]:
    """One's own, and those that one may decide on, newest first."""
    who.require_person(to=TO_SEE_ORIGINALS)
    cursor = None if asked.cursor is None else UnmaskingId(min(asked.cursor, LAST_NUMBER))
    with use.database.read() as connection:
        powers = unmasking_powers(connection, who)
        now = use.visibility.now(connection)
        page = unmaskings.list_unmaskings(connection, powers, now, state=asked.state, cursor=cursor, limit=asked.limit)
        names = unmasking_names(connection, page.items)
    return listing(page, lambda one: unmasking_view(one, names, powers))


@router.post("/unmaskings/{unmasking}:approve", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def approve_unmasking(use: Use, who: Who, unmasking: UnmaskingInPath, body: SecondOpinion) -> UnmaskingView:
    """Open one that waits, as the second person: an admin of the department that owns the event, a city admin, or
    somebody who has the right `unmasked` there; never who asked."""
    who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.write() as connection:
        powers, now = unmasking_powers(connection, who), use.visibility.now(connection)
        lasts = use.access.unmasking_lasts
        decided = unmaskings.approve(connection, unmasking, powers, body.why, now, lasts=lasts)
        return _decided(connection, who, decided, powers)


@router.post("/unmaskings/{unmasking}:refuse", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def refuse_unmasking(use: Use, who: Who, unmasking: UnmaskingInPath, body: SecondOpinion) -> UnmaskingView:
    """Refuse one that waits: the same people who may approve it."""
    who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.write() as connection:
        powers, now = unmasking_powers(connection, who), use.visibility.now(connection)
        decided = unmaskings.refuse(connection, unmasking, powers, body.why, now)
        return _decided(connection, who, decided, powers)


@router.head("/unmaskings/{unmasking}/clip", include_in_schema=False)
@router.get(
    "/unmaskings/{unmasking}/clip",
    response_class=Response,
    responses={**file_answers("video/mp4"), **documented(Kind.CONFLICT)},
)
def read_original(request: Request, use: Use, who: Who, unmasking: UnmaskingInPath) -> Response:
    """The camera's own clip (MP4), for who asked, while the unmasking is open and the right to it is there: it breaks
    off when either ends. 404 with the reason where there is none."""
    who.require_person(to=TO_SEE_ORIGINALS)
    with use.database.read() as connection:
        scope = who.scope(connection)
        found, left_s = open_unmasking(connection, use, who, unmasking)
        if found.live:
            told = f"unmasking {found.id} is for live pictures of camera {found.camera}, and for no clip"
            raise Conflict(told, hint="ask for one of the event, with a reason")
        place = check_event(connection, scope, found.event, Right.UNMASKED)
    original = use.clips.originals.open(found.event)
    try:
        look(
            request,
            who,
            Act.LOOK_AT_ORIGINAL,
            "event",
            found.event,
            camera=place.camera,
            department=place.department,
            purpose=found.reason,
            unmasking=found.id,
        )
    except BaseException:
        original.file.close()
        raise
    standing: StandingWatch = request.app.state.standing_watch
    permission = Permission(
        standing,
        who,
        scope,
        allows=lambda now: now[Right.UNMASKED].has_event(found.event, place.camera, place.department),
        left_s=left_s,
    )
    return file_response(
        request,
        original.file,
        size=original.bytes,
        etag=f'"original-{found.event}-{original.bytes}"',
        media_type="video/mp4",
        caching="no-store",
        while_=permission.lasts,
    )


def _decided(connection: Transaction, who: Caller, decided: Unmasking, powers: UnmaskingPowers) -> UnmaskingView:
    why = "" if decided.decided is None else decided.decided.why
    detail = {"state": decided.state.value, "asked_by": decided.person} | ({"why": why} if why else {})
    _put_on_record(connection, who, Act.UNMASKING_DECIDED, decided, detail)
    return _view(connection, decided, powers)


def _put_on_record(
    connection: Transaction, who: Caller, act: Act, one: Unmasking, detail: Mapping[str, object]
) -> None:
    who.changed(
        connection,
        act,
        "camera" if one.live else "event",
        one.camera if one.live else one.event,
        camera=one.camera,
        departments={one.department},
        purpose=one.reason,
        detail={"unmasking": one.id, **detail},
    )


def _view(connection: Transaction, one: Unmasking, powers: UnmaskingPowers) -> UnmaskingView:
    return unmasking_view(one, unmasking_names(connection, [one]), powers)
