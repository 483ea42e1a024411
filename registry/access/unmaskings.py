"""Unmaskings: asked for, decided on by a second person where the department says so, listed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, insert, select, update

from core.access import PersonId
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, Forbidden, Hidden, NotFound
from core.ids import LAST_CAMERA, CameraId, EventId, event_id
from core.wording import check_text

from ..page import Page
from ..tables import department as department_table
from .tables import unmasking
from .unmasking import Unmasking, UnmaskingId, UnmaskingState, stands_at, unmasking_of
from .unmasking_powers import UnmaskingPowers
from .version import access_now, lock_access, note_time

SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 500
WAITS_FOR: Final = timedelta(hours=24)
"""How long a second person has to decide."""
_STEP: Final = 200


def ask(
    connection: Connection,
    person: PersonId,
    event: EventId,
    owner: DepartmentId,
    reason: str,
    at: datetime,
    *,
    lasts: timedelta,
) -> Unmasking:
    """Ask to see the original of `event`, which is `owner`'s. It is open at once, for as long as `lasts`, or waits for
    a second person where `owner` wants one. Whether `person` has the right to it is checked by who calls this.

    Raises `BadInput` for a reason that is too short or too long, `Conflict` where this very wish waits already.
    """
    why = _reason(reason)
    now = _lock(connection, at)
    _check_none_waits(connection, person, (unmasking.c.event == event) & ~unmasking.c.live, now, what=f"event {event}")
    return _ask(connection, person, event, owner, why, now, lasts=lasts, live=False)


def ask_live(
    connection: Connection,
    person: PersonId,
    camera: CameraId,
    owner: DepartmentId,
    reason: str,
    at: datetime,
    *,
    lasts: timedelta,
) -> Unmasking:
    """Ask to see what `camera`, which is `owner`'s, shows live. The same otherwise."""
    why = _reason(reason)
    now = _lock(connection, at)
    is_of_camera = unmasking.c.event.op("&")(LAST_CAMERA) == camera
    _check_none_waits(connection, person, is_of_camera & unmasking.c.live, now, what=f"camera {camera}")
    return _ask(connection, person, event_id(now, camera), owner, why, now, lasts=lasts, live=True)


def _check_none_waits(
    connection: Connection, person: PersonId, is_it: ColumnElement[bool], now: datetime, *, what: str
) -> None:
    waiting = select(unmasking.c.id).where(unmasking.c.person == person, is_it, stands_at(UnmaskingState.WAITING, now))
    if (known := connection.execute(waiting.limit(1)).scalar_one_or_none()) is not None:
        raise Conflict(
            f"unmasking {known} of {what} waits for a second person already",
            hint="wait until it is decided on; an admin of the department, or of the city, can do that",
        )


def _ask(
    connection: Connection,
    person: PersonId,
    event: EventId,
    owner: DepartmentId,
    why: str,
    now: datetime,
    *,
    lasts: timedelta,
    live: bool,
) -> Unmasking:
    takes_two = connection.execute(
        select(department_table.c.second_person).where(department_table.c.id == owner)
    ).scalar_one()
    values = {
        "event": event,
        "department": owner,
        "person": person,
        "live": live,
        "reason": why,
        "state": (UnmaskingState.WAITING if takes_two else UnmaskingState.OPEN).value,
        "asked_at": now,
        "until_at": now + (WAITS_FOR if takes_two else lasts),
    }
    row = connection.execute(insert(unmasking).values(values).returning(*unmasking.c)).one()
    return unmasking_of(row, now)


def approve(
    connection: Connection, number: UnmaskingId, by: UnmaskingPowers, why: str, at: datetime, *, lasts: timedelta
) -> Unmasking:
    """Open one that waits, for as long as `lasts`.

    Raises `NotFound` and `Hidden` where `by` cannot see one, `Forbidden` where another must decide, `Conflict` where it
    was decided on already or its time is over, `BadInput` for words that cannot be kept.
    """
    now = _lock(connection, at)
    return _decide(connection, number, by, UnmaskingState.OPEN, why, now, until_at=now + lasts)


def refuse(connection: Connection, number: UnmaskingId, by: UnmaskingPowers, why: str, at: datetime) -> Unmasking:
    """Refuse one that waits. Errors as for `approve`."""
    return _decide(connection, number, by, UnmaskingState.REFUSED, why, _lock(connection, at), until_at=None)


def get_seen(connection: Connection, number: UnmaskingId, by: UnmaskingPowers, now: datetime) -> Unmasking:
    """The unmasking of that number at `now`. Raises `NotFound`, and `Hidden` in the same words where `by` may not see
    it."""
    told = f"there is no unmasking {number}"
    row = connection.execute(select(unmasking).where(unmasking.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(told)
    found = unmasking_of(row, now)
    if not by.sees(found):
        raise Hidden(told, kind="unmasking", number=str(number), department=found.department)
    return found


def list_unmaskings(
    connection: Connection,
    by: UnmaskingPowers,
    now: datetime,
    *,
    state: UnmaskingState | None = None,
    cursor: UnmaskingId | None = None,
    limit: int = 100,
) -> Page[Unmasking, UnmaskingId]:
    """Those of `by`, and those that are for `by` to decide on, newest first, before `cursor`."""
    statement = select(unmasking).where(by.worth_a_look(now)).order_by(unmasking.c.id.desc()).limit(_STEP)
    if state is not None:
        statement = statement.where(stands_at(state, now))
    found: list[Unmasking] = []
    before = cursor
    while len(found) <= limit:
        step = statement if before is None else statement.where(unmasking.c.id < before)
        rows = [unmasking_of(row, now) for row in connection.execute(step)]
        found += [one for one in rows if by.sees(one)]
        if len(rows) < _STEP:
            break
        before = rows[-1].id
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def _decide(
    connection: Connection,
    number: UnmaskingId,
    by: UnmaskingPowers,
    state: UnmaskingState,
    why: str,
    now: datetime,
    *,
    until_at: datetime | None,
) -> Unmasking:
    found = get_seen(connection, number, by, now)
    if not by.may_decide(found):
        raise Forbidden(
            f"you have asked for unmasking {number} yourself, so a second person must decide on it",
            kind="unmasking",
            number=str(number),
            camera=found.camera,
            department=found.department,
        )
    if found.state is UnmaskingState.OVER:
        raise Conflict(f"the time of unmasking {number} is over", hint="who wants to see the original asks anew")
    values = {
        "state": state.value,
        "decided_by": by.principal.person,
        "decided_at": now,
        "decided_why": check_text(why, "the reason", field="why", longest=LONGEST_REASON),
        "until_at": until_at,
    }
    waits = unmasking.c.id == number, stands_at(UnmaskingState.WAITING, now)
    row = connection.execute(update(unmasking).where(*waits).values(values).returning(*unmasking.c)).one_or_none()
    if row is None:
        raise Conflict(f"unmasking {number} was decided on already: it is {found.state.value}")
    return unmasking_of(row, now)


def _lock(connection: Connection, at: datetime) -> datetime:
    """The latest moment, which is written down. Of two who come at once, the second sees what the first has done."""
    lock_access(connection)
    now = max(at, access_now(connection).latest_at)
    note_time(connection, now)
    return now


def _reason(text: str) -> str:
    why = check_text(text, "the reason", field="reason", longest=LONGEST_REASON)
    if len(why) < SHORTEST_REASON:
        raise BadInput(
            f"a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters is expected",
            field="reason",
            hint="it stands in the record beside each look",
        )
    return why
