"""An unmasking: somebody's wish to see an original, of an event or live, what for, and who agreed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType, assert_never

from sqlalchemy import ColumnElement, Row, and_

from core.access import PersonId
from core.camera import DepartmentId
from core.ids import CameraId, EventId, event_camera

from .grant import Ending
from .tables import unmasking

UnmaskingId = NewType("UnmaskingId", int)


class UnmaskingState(StrEnum):
    """How far an unmasking has come."""

    WAITING = "waiting"
    """For a second person."""
    OPEN = "open"
    """Who asked may see the original."""
    REFUSED = "refused"
    OVER = "over"
    """Its time is over, whether somebody has decided or not. It is asked for anew."""


_KEPT = frozenset({UnmaskingState.WAITING, UnmaskingState.OPEN})
"""What time alone turns into `over`, of which no row is written."""


@dataclass(frozen=True, slots=True)
class Unmasking:
    """A wish to see an original, as it stands at a moment: the clip of one event, or what a camera shows live."""

    id: UnmaskingId
    event: EventId
    """Of a live one: the moment at which it was asked for, on its camera."""
    department: DepartmentId
    """Whose the event is; of a live one, whose the camera was when it was asked for."""
    person: PersonId
    """Who asked, and alone may look."""
    reason: str
    state: UnmaskingState
    asked_at: datetime
    decided: Ending | None
    """By whom it was opened or refused; None: by nobody yet, or nobody had to."""
    until_at: datetime | None
    """When it is over; while it waits: until when somebody may decide. None: it was refused."""
    live: bool = False
    """Whether it is for what the camera shows live, and for no event."""

    @property
    def camera(self) -> CameraId:
        """The camera of the event."""
        return event_camera(self.event)


def unmasking_of(row: Row[tuple[object, ...]], now: datetime) -> Unmasking:
    """A row of `unmasking` as it stands at `now`."""
    state = UnmaskingState(row.state)
    if state in _KEPT and row.until_at <= now:
        state = UnmaskingState.OVER
    decided = None if row.decided_at is None else Ending(row.decided_by, row.decided_at, row.decided_why or "")
    return Unmasking(
        id=UnmaskingId(row.id),
        event=EventId(row.event),
        department=DepartmentId(row.department),
        person=PersonId(row.person),
        reason=row.reason,
        state=state,
        asked_at=row.asked_at,
        decided=decided,
        until_at=row.until_at,
        live=row.live,
    )


def stands_at(state: UnmaskingState, now: datetime) -> ColumnElement[bool]:
    """Which rows of `unmasking` are in `state` at `now`."""
    match state:
        case UnmaskingState.WAITING | UnmaskingState.OPEN:
            return and_(unmasking.c.state == state.value, unmasking.c.until_at > now)
        case UnmaskingState.REFUSED:
            return unmasking.c.state == state.value
        case UnmaskingState.OVER:
            return and_(unmasking.c.state.in_([kept.value for kept in sorted(_KEPT)]), unmasking.c.until_at <= now)
        case other:
            assert_never(other)
