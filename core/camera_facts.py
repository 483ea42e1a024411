"""What is on record of a camera beside its name, owner and streams: GB/T 28181's fields of a catalogue entry."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import IntEnum
from typing import Any, Final

from .errors import BadInput
from .extra import check_extra
from .gb_code import GbCode
from .gb_tables import GbEdition
from .place import Place, check_place
from .wording import check_text, quoted

REGION_LENGTHS: Final = (2, 4, 6, 8, 9, 12)
LONGEST_ADDRESS: Final = 256
MOST_RECORDING_DAYS: Final = 36_500
_FIRST_YEAR: Final = 1950
_LAST_YEAR: Final = 2100
_MOST_PIXELS: Final = 65_535


class PointClass(IntEnum):
    """The class of a surveillance point."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    OTHER = 9


class PtzType(IntEnum):
    """How a camera is built; from 5 on by the edition of 2022."""

    DOME = 1
    HALF_DOME = 2
    FIXED = 3
    STEERED = 4
    STEERED_HALF_DOME = 5
    MULTI_LENS_PANORAMA = 6
    MULTI_LENS_PART = 7


class RoomType(IntEnum):
    """Where a camera hangs."""

    OUTDOOR = 1
    INDOOR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFacts:
    """All of it, None where it is not known. As given; `check_facts` says whether it can be."""

    gb_code: str | None = None
    """20 digits."""
    gb_edition: GbEdition | None = None
    """Which tables the code goes by; that of 2022 where only a code is given."""
    own_id: str | None = None
    """The department's own id of it, at most 64 characters."""
    region: str | None = None
    """The code of its administrative area: 2, 4, 6, 8, 9 or 12 digits."""
    manufacturer: str | None = None
    model: str | None = None
    address: str | None = None
    longitude: float | None = None
    """Degrees east, WGS-84; together with `latitude`."""
    latitude: float | None = None
    """Degrees north, WGS-84."""
    point_class: PointClass | None = None
    ptz_type: PtzType | None = None
    room_type: RoomType | None = None
    look_direction: float | None = None
    """Degrees clockwise from north, 0 to 360 (without 360)."""
    field_of_view: float | None = None
    """Degrees, more than 0, at most 360."""
    installed_on: date | None = None
    management_unit: str | None = None
    contact: str | None = None
    recording_days: int | None = None
    """How long its owner keeps recordings."""
    resolution: str | None = None
    """Width and height in pixels: `1920x1080`."""
    uplink: str | None = None
    """What it hangs on together with others: a recorder, a switch, a line."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else its owner wants to keep: a bounded JSON object (`core.extra`)."""

    @property
    def place(self) -> Place | None:
        """Where it stands, once it was checked."""
        if self.longitude is None or self.latitude is None:
            return None
        return Place(self.longitude, self.latitude)


NO_FACTS: Final = CameraFacts()


def check_facts(facts: CameraFacts) -> CameraFacts:
    """`facts` in their one form: texts trimmed and composed, empty ones None. Raises `BadInput` for the first fault."""
    cleaned, faults = review_facts(facts)
    if faults:
        raise faults[0]
    return cleaned


def review_facts(facts: CameraFacts) -> tuple[CameraFacts, list[BadInput]]:
    """As `check_facts`, with all faults instead of the first; what is faulty is left out of the answer."""
    faults: list[BadInput] = []
    cleaned: dict[str, Any] = {}
    for check in _CHECKS:
        try:
            cleaned |= check(facts)
        except BadInput as fault:
            faults.append(fault)
    return CameraFacts(**cleaned), faults


def check_region_code(code: str, *, field: str) -> str:
    """`code` without blanks around it. Raises `BadInput` unless it is 2, 4, 6, 8, 9 or 12 digits."""
    cleaned = code.strip()
    if not (cleaned.isascii() and cleaned.isdigit() and len(cleaned) in REGION_LENGTHS):
        raise BadInput(
            f"the code of a region has 2, 4, 6, 8, 9 or 12 digits; found {quoted(cleaned)}",
            field=field,
            hint="310104 for example, or 310104003 for a part of it",
        )
    return cleaned


_Check = Callable[[CameraFacts], dict[str, Any]]


def _text(name: str, what: str, longest: int) -> _Check:
    def check(facts: CameraFacts) -> dict[str, Any]:
        text: str | None = getattr(facts, name)
        return {name: None if text is None else check_text(text, what, field=name, longest=longest) or None}

    return check


def _number(name: str, what: str, fits: Callable[[float], bool], expected: str) -> _Check:
    def check(facts: CameraFacts) -> dict[str, Any]:
        number: float | None = getattr(facts, name)
        if number is not None and not fits(number):
            raise BadInput(f"{what} is {expected}, not {number:g}", field=name)
        return {name: number}

    return check


def _enum(name: str, what: str, words: type[IntEnum]) -> _Check:
    def check(facts: CameraFacts) -> dict[str, Any]:
        value: int | None = getattr(facts, name)
        if value is None:
            return {name: None}
        try:
            return {name: words(value)}
        except ValueError:
            known = ", ".join(str(word.value) for word in words)
            raise BadInput(f"{what} is one of {known}, not {value}", field=name) from None

    return check


def _gb_code(facts: CameraFacts) -> dict[str, Any]:
    text = None if facts.gb_code is None else facts.gb_code.strip()
    if not text:
        return {"gb_code": None, "gb_edition": None}
    edition = GbEdition.E2022 if facts.gb_edition is None else _enum_edition(facts.gb_edition)
    code = GbCode.parse(text, edition)
    code.check_camera()
    return {"gb_code": code.text, "gb_edition": code.edition}


def _enum_edition(edition: int) -> GbEdition:
    try:
        return GbEdition(edition)
    except ValueError:
        raise BadInput(f"the edition of GB/T 28181 is 2016 or 2022, not {edition}", field="gb_edition") from None


def _region(facts: CameraFacts) -> dict[str, Any]:
    code = None if facts.region is None else facts.region.strip()
    return {"region": check_region_code(code, field="region") if code else None}


def _place(facts: CameraFacts) -> dict[str, Any]:
    check_place(facts.longitude, facts.latitude)
    return {"longitude": facts.longitude, "latitude": facts.latitude}


def _look_direction(facts: CameraFacts) -> dict[str, Any]:
    degrees = facts.look_direction
    if degrees is not None and not 0 <= degrees <= 360:
        raise BadInput(f"a direction is 0 to 360 degrees clockwise from north, not {degrees:g}", field="look_direction")
    return {"look_direction": 0.0 if degrees == 360 else degrees}


def _installed_on(facts: CameraFacts) -> dict[str, Any]:
    day = facts.installed_on
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(
            f"a camera was installed between {_FIRST_YEAR} and {_LAST_YEAR}, not on {day.isoformat()}",
            field="installed_on",
        )
    return {"installed_on": day}


def _resolution(facts: CameraFacts) -> dict[str, Any]:
    if facts.resolution is None or not (text := facts.resolution.strip()):
        return {"resolution": None}
    sides = text.lower().replace("\u00d7", "x").replace("*", "x").split("x")
    if not (len(sides) == 2 and all(_is_side(side) for side in sides)):
        raise BadInput(
            f"a resolution is width x height in pixels, 1920x1080 for example; found {quoted(text)}", field="resolution"
        )
    return {"resolution": f"{int(sides[0])}x{int(sides[1])}"}


def _is_side(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= _MOST_PIXELS


def _extra(facts: CameraFacts) -> dict[str, Any]:
    return {"extra": check_extra(facts.extra, field="extra")}


_CHECKS: Final[tuple[_Check, ...]] = (
    _gb_code,
    _text("own_id", "the department's own id", 64),
    _region,
    _text("manufacturer", "the manufacturer", 128),
    _text("model", "the model", 128),
    _text("address", "the address", LONGEST_ADDRESS),
    _place,
    _enum("point_class", "the class of a point", PointClass),
    _enum("ptz_type", "the type of a camera", PtzType),
    _enum("room_type", "the room type", RoomType),
    _look_direction,
    _number("field_of_view", "a field of view", lambda degrees: 0 < degrees <= 360, "more than 0, at most 360 degrees"),
    _installed_on,
    _text("management_unit", "the management unit", 128),
    _text("contact", "the contact", 256),
    _number(
        "recording_days",
        "the days of recording",
        lambda days: 0 <= days <= MOST_RECORDING_DAYS,
        f"0 to {MOST_RECORDING_DAYS}",
    ),
    _resolution,
    _text("uplink", "the uplink", 128),
    _extra,
)


def changed_facts(before: CameraFacts, after: CameraFacts) -> Iterator[tuple[str, Any, Any]]:
    """The fields in which two differ: name, value before, value after."""
    for one in fields(CameraFacts):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new:
            yield one.name, old, new
