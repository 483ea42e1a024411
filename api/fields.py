"""The words of requests and answers, bounded: ids, names, instants."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    MISSING,
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from core.camera import DepartmentId, StreamId
from core.clock import rfc3339
from core.ids import LAST_CAMERA, LAST_EVENT, CameraId, EventId
from core.line import LineId
from core.privacy import PrivacyAreaId
from core.rule import RuleId
from core.zone import MOST_POINTS, ZoneId

LAST_NUMBER = 2**31 - 1
_T = TypeVar("_T")


class Body(BaseModel):
    """A body, filter or answer: its fields never change, and others are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def given(value: _T | MISSING, otherwise: _T) -> _T:
    """`value`, or `otherwise` where a PATCH left it out."""
    return otherwise if value is MISSING else value


def _number(text: Any, refusal: str) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LAST_EVENT:
        return int(text)
    raise ValueError(refusal)


def _asked_event(text: Any) -> int:
    return _number(text, "is the number of an event: digits, at most 9223372036854775807")


def _asked_cursor(text: Any) -> int:
    return _number(text, "is no cursor of this list; take it from `next` of the page before")


def _asked_instant(text: Any) -> Any:
    if not isinstance(text, str):
        raise ValueError("is an instant as text, 2026-05-01T08:00:00Z for example")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            "is an instant by RFC 3339, 2026-05-01T08:00:00Z for example (in an address, write + as %2B)"
        ) from None
    if at.tzinfo is None:
        raise ValueError("must name its zone: end it with Z or an offset, 2026-05-01T08:00:00+08:00 for example")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the years 1 to 9999") from None


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("may not hold the character NUL")
    return text


Text = Annotated[str, Field(max_length=512), AfterValidator(_no_nul)]
"""Any text that a database takes. What a name may be the registry says."""

_Counted = Field(ge=1, le=LAST_NUMBER)
CameraNumber = Annotated[CameraId, Field(ge=1, le=LAST_CAMERA, description="A camera's number.", examples=[17])]
DepartmentNumber = Annotated[DepartmentId, _Counted]
StreamNumber = Annotated[StreamId, _Counted]
PrivacyAreaNumber = Annotated[PrivacyAreaId, _Counted]
ZoneNumber = Annotated[ZoneId, _Counted]
LineNumber = Annotated[LineId, _Counted]
RuleNumber = Annotated[RuleId, _Counted]

Share = Annotated[float, Field(ge=0, le=1)]
"""A share of the picture's width or height."""
Corners = Annotated[tuple[tuple[Share, Share], ...], Field(min_length=3, max_length=MOST_POINTS)]
"""The corners of a simple polygon: x, y each."""

_DIGITS = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_EVENT_SCHEMA = WithJsonSchema({**_DIGITS, "examples": ["314772357120000017"]})
_INSTANT_SCHEMA = WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-05-01T08:00:00.000Z"]})

AskedEvent = Annotated[EventId, BeforeValidator(_asked_event), _EVENT_SCHEMA]
"""An event's id in a request."""
EventNumber = Annotated[EventId, PlainSerializer(str, return_type=str), _EVENT_SCHEMA]
"""An event's id in an answer: a string, since JavaScript's numbers end at 2**53."""
AskedInstant = Annotated[datetime, BeforeValidator(_asked_instant), _INSTANT_SCHEMA]
"""An instant in a request; it must name its zone."""
Instant = Annotated[datetime, PlainSerializer(rfc3339, return_type=str), _INSTANT_SCHEMA]
"""An instant in an answer: RFC 3339 in UTC, to the millisecond."""
Cursor = Annotated[int, BeforeValidator(_asked_cursor), WithJsonSchema(_DIGITS)]
"""Where a page of a list begins."""
