"""`/holds`: what must not be removed, whatever its age."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from events.retention import coverage, holds
from events.retention.hold import Hold, HoldCamera, HoldId, in_words
from events.retention.hold_names import hold_names
from events.retention.hold_powers import HoldPowers, hold_powers_of
from events.retention.holds import concerned_by
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .answers import Listing, listing, named_in_body
from .caller import Caller, Who
from .fields import LAST_NUMBER
from .hold_bodies import HoldInPath, HoldQuery, HoldRelease, NewHold
from .hold_views import HoldView, TakenHoldView, WholeHoldView, coverage_view, shown
from .idempotency import FirstTime
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["holds"])


@router.get("/holds", responses=documented(Kind.BAD_INPUT))
def list_holds(use: Use, who: Who, asked: Annotated[HoldQuery, Query()]) -> Listing[HoldView]:
    """Holds, the newest first: an admin or auditor of a department sees its own, and those on what is or was its."""
    with use.database.read() as connection:
        powers = hold_powers_of(connection, who.principal)
        page = holds.list_holds(
            connection,
            asked=asked.filter(),
            seen_by=powers.concerned,
            cursor=None if asked.cursor is None else HoldId(min(asked.cursor, LAST_NUMBER)),
            limit=asked.limit,
        )
        names = hold_names(connection, page.items)
    return listing(page, lambda hold: HoldView(**shown(hold, names, powers)))


@router.get("/holds/{hold}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_hold(use: Use, who: Who, hold: HoldInPath) -> WholeHoldView:
    """One hold, with what it covers now."""
    with use.database.read() as connection:
        powers = hold_powers_of(connection, who.principal)
        found = holds.get(connection, hold, powers.concerned)
        return _whole(connection, found, powers)


@router.post("/holds", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def take_hold(use: Use, who: Who, body: NewHold, response: Response, once: FirstTime) -> TakenHoldView:
    """Keep one event, or all of a camera or a department in some time: events, media, tracks and the rows of the record
    about them. It beats rules, quotas and full disks. The answer says what it covers, and how much was on its way out
    already."""
    on = body.on()
    with use.database.read() as connection:
        powers = _check_may_hold(connection, who, body)
        # Counted beforehand: the one writer that SQLite has does not wait for it.
        covers = coverage.covered(connection, on, departments=powers.home)
    with use.database.write() as connection:
        once.begin(connection)
        powers = _check_may_hold(connection, who, body)
        with named_in_body(body.place):
            taken = holds.take(
                connection,
                on,
                name=body.name,
                reason=body.reason,
                owner=powers.own,
                by=who.principal.name,
                at=use.clock.now(),
            )
        leaving = coverage.leaving(connection, on)
        facts = shown(taken, hold_names(connection, [taken]), powers)
        answer = TakenHoldView(**facts, covers=coverage_view(covers), leaving=leaving)
        _put_on_record(connection, who, Act.HOLD_TAKEN, taken, why=taken.reason, detail={"leaving": leaving})
        headers = {"Location": f"/api/v1/holds/{taken.id}"}
        once.keep(connection, answer, headers)
    response.headers.update(headers)
    return answer


@router.post("/holds/{hold}:release", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def release_hold(use: Use, who: Who, hold: HoldInPath, body: HoldRelease) -> HoldView:
    """End a hold: what it kept, and nothing else keeps, goes when its time is over. A hold of the city is released by
    the city alone."""
    with use.database.write() as connection:
        powers = hold_powers_of(connection, who.principal)
        powers.check_may_release(holds.get(connection, hold, powers.concerned))
        released = holds.release(connection, hold, why=body.why, by=who.principal.name, at=use.clock.now())
        why = "" if released.release is None else released.release.why
        _put_on_record(connection, who, Act.HOLD_RELEASED, released, why=why, detail={})
        return HoldView(**shown(released, hold_names(connection, [released]), powers))


def _check_may_hold(connection: Transaction, who: Caller, body: NewHold) -> HoldPowers:
    powers = hold_powers_of(connection, who.principal)
    with named_in_body(body.place):
        powers.check_may_hold(connection, who.scope(connection), body.on())
    return powers


def _whole(connection: Transaction, found: Hold, powers: HoldPowers) -> WholeHoldView:
    covers = coverage_view(coverage.covered(connection, found.on, departments=powers.home))
    return WholeHoldView(**shown(found, hold_names(connection, [found]), powers), covers=covers)


def _put_on_record(
    connection: Transaction, who: Caller, act: Act, hold: Hold, *, why: str, detail: dict[str, object]
) -> None:
    who.changed(
        connection,
        act,
        "hold",
        hold.id,
        camera=hold.on.camera if isinstance(hold.on, HoldCamera) else None,
        departments=concerned_by(connection, hold),
        purpose=why,
        detail={"name": hold.name, "on": in_words(hold.on), **detail},
    )
