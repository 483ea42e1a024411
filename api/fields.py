"""The words of requests, bounded: ids, names, instants."""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from core.camera import DepartmentId, StreamId
from core.ids import LAST_CAMERA, LAST_EVENT, CameraId, EventId
from core.rule import RuleId
from core.zone import ZoneId

LAST_NUMBER = 2**31 - 1
_MARKS_OF_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Body(BaseModel):
    """A body, filter or answer: its fields never change, and others are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _plain(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _MARKS_OF_DIRECTION:
            raise ValueError(f"may not hold the control character U+{ord(character):04X}")
    return text


def _trimmed(text: Any) -> Any:
    return text.strip() if isinstance(text, str) else text


def _event_number(text: Any) -> Any:
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LAST_EVENT:
        return EventId(int(text))
    raise ValueError("is the number of an event as text: digits, at most 9223372036854775807")


def _instant(text: Any) -> Any:
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


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Plain = AfterValidator(_plain)
Name = Annotated[str, BeforeValidator(_trimmed), Field(min_length=1, max_length=200), Plain]
"""What a person calls something: 1 to 200 characters, none of them a control character."""
Label = Annotated[str, Field(min_length=1, max_length=64), Plain]
"""What a detector calls an object."""

_Number = Field(ge=1, le=LAST_NUMBER)
CameraNumber = Annotated[CameraId, Field(ge=1, le=LAST_CAMERA, description="The camera's number.", examples=[17])]
DepartmentNumber = Annotated[DepartmentId, _Number]
StreamNumber = Annotated[StreamId, _Number]
ZoneNumber = Annotated[ZoneId, _Number]
RuleNumber = Annotated[RuleId, _Number]

EventNumber = Annotated[
    EventId,
    BeforeValidator(_event_number),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["314772357120000017"]}),
]
"""An event's id. JSON carries it as a string, since JavaScript's numbers end at 2**53."""

Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-05-01T08:00:00.000Z"]}),
]
"""An instant with its zone, as RFC 3339; answers carry it in UTC, to the millisecond."""
