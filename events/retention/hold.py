"""A hold: what must not be removed, whatever its age, why, and by whose word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType, TypeAlias

from core.camera import DepartmentId
from core.clock import rfc3339
from core.errors import BadInput
from core.ids import CameraId, EventId
from core.wording import check_text
from registry.names import check_name

HoldId = NewType("HoldId", int)

SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class HoldSpan:
    """Some time: what was going on in it is held."""

    from_at: datetime | None = None
    """None: from the beginning."""
    until_at: datetime | None = None
    """This moment is not part of it; None: also what is to come."""

    def __post_init__(self) -> None:
        if self.from_at is not None and self.until_at is not None and self.from_at >= self.until_at:
            raise BadInput(
                "`from` is not before `until`, so nothing can lie between them", field="from", hint="exchange them"
            )


WHENEVER: Final = HoldSpan()


@dataclass(frozen=True, slots=True)
class HoldEvent:
    """A hold on one event."""

    event: EventId


@dataclass(frozen=True, slots=True)
class HoldCamera:
    """A hold on what happened, and happens, on a camera."""

    camera: CameraId
    span: HoldSpan = WHENEVER


@dataclass(frozen=True, slots=True)
class HoldDepartment:
    """A hold on what happened, and happens, on the cameras of a department and of all below it."""

    department: DepartmentId
    span: HoldSpan = WHENEVER


Holding: TypeAlias = HoldEvent | HoldCamera | HoldDepartment
"""What is held."""


@dataclass(frozen=True, slots=True)
class Release:
    """The end of a hold."""

    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as it was taken, and how it ended. Names are those of then; times are UTC."""

    id: HoldId
    name: str
    reason: str
    owner: DepartmentId | None
    """Whose hold it is; None: the city's."""
    on: Holding
    made_by: str
    made_at: datetime
    release: Release | None = None
    """None: it is in force."""


def in_words(on: Holding) -> str:
    """What is held, by its number: for the record, and for whoever runs a command."""
    if isinstance(on, HoldEvent):
        return f"event {on.event}"
    what = f"camera {on.camera}" if isinstance(on, HoldCamera) else f"department {on.department}"
    begin = "" if on.span.from_at is None else f" from {rfc3339(on.span.from_at)}"
    end = "" if on.span.until_at is None else f" until {rfc3339(on.span.until_at)}"
    return f"{what}{begin}{end}"


def checked_name(text: str) -> str:
    """A name as a hold has it. Raises `BadInput`."""
    return check_name(text, "a hold")


def checked_reason(text: str, what: str, *, field: str) -> str:
    """A reason as it is kept: 3 to 500 characters. Raises `BadInput` naming `field`; `what` is `the reason`, say."""
    cleaned = check_text(text, what, field=field, longest=LONGEST_REASON)
    if len(cleaned) < SHORTEST_REASON:
        raise BadInput(
            f"{what} has {len(cleaned)} characters; {SHORTEST_REASON} to {LONGEST_REASON} are expected",
            field=field,
            hint="it stands in the record, and whoever looks at the hold reads it",
        )
    return cleaned
