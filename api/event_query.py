"""Which events are asked for: the filter that the list, counts, exports and the live list share."""

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from core.errors import BadInput
from core.hours import ALL_DAYS, Hours, Weekday
from core.rule import RuleKind, Severity
from events.index.checking import check
from events.index.event_filter import EventFilter, Polygon
from registry.catalogue.areas import Around, Box
from registry.departments import Sector

from .fields import AskedInstant, Body, CameraNumber, DepartmentNumber, LineNumber, Text, ZoneNumber

MOST_VALUES = 200
_LONGEST_DURATION_S: Final = 366 * 86_400
_LONGEST_POLYGON: Final = 5_000
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_MOST_SHOWN: Final = 40


def _asked_time(text: Any) -> time:
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("is a time of the day as 22:30, in the city's time zone")
    return time(int(found[1]), int(found[2]))


def _shown_time(moment: time) -> str:
    return moment.strftime("%H:%M")


AskedTime = Annotated[
    time,
    BeforeValidator(_asked_time),
    PlainSerializer(_shown_time, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$", "examples": ["22:30"]}),
]
"""A time of the day in a request, to the minute."""
_Numbers = Annotated[str, Field(max_length=200)]
_Duration = Annotated[float, Field(ge=0, le=_LONGEST_DURATION_S)]


class EventConditions(Body):
    """Which events are asked for. A repeated filter finds any of its values; different filters must all hold."""

    from_at: AskedInstant | None = Field(default=None, alias="from", description="Started at this moment or later.")
    to_at: AskedInstant | None = Field(default=None, alias="to", description="Started before this moment.")
    day: tuple[Weekday, ...] = Field(
        default=(), max_length=MOST_VALUES, description="Started on such a day, in the city's time zone."
    )
    time_from: AskedTime | None = Field(
        default=None, description="Started at this time of the day or later, in the city's time zone."
    )
    time_to: AskedTime | None = Field(
        default=None,
        description="Started before this time of the day; where it is not after `time_from`, before it on the "
        "following day.",
    )
    label: tuple[Text, ...] = Field(default=(), max_length=MOST_VALUES, description="What the detector saw.")
    kind: tuple[RuleKind, ...] = Field(default=(), max_length=MOST_VALUES)
    severity: tuple[Severity, ...] = Field(default=(), max_length=MOST_VALUES, description="1 is the most urgent.")
    department: tuple[DepartmentNumber, ...] = Field(
        default=(),
        max_length=MOST_VALUES,
        description="Owned the camera when the event started; or one above what did.",
    )
    sector: tuple[Sector, ...] = Field(default=(), max_length=MOST_VALUES, description="The kind of that department.")
    camera: tuple[CameraNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    zone: tuple[ZoneNumber, ...] = Field(default=(), max_length=MOST_VALUES)
    line: tuple[LineNumber, ...] = Field(default=(), max_length=MOST_VALUES, description="The line that was crossed.")
    region: Text | None = Field(
        default=None, description="The code of a region: cameras there or in any region below it.", examples=["310104"]
    )
    q: Text | None = Field(
        default=None,
        description="Words, all of which stand in the camera's name, address or another of its texts; two Chinese "
        "characters are enough, and so is one.",
    )
    bbox: _Numbers | None = Field(
        default=None,
        description="Cameras in this box: west,south,east,north in degrees by WGS-84.",
        examples=["114.2,30.5,114.4,30.7"],
    )
    near: _Numbers | None = Field(
        default=None,
        description="Cameras within a distance of a place: longitude,latitude,radius_m, at most 100 km.",
        examples=["114.3,30.6,500"],
    )
    polygon: Annotated[str, Field(max_length=_LONGEST_POLYGON)] | None = Field(
        default=None,
        description="Cameras within these corners: longitude,latitude;longitude,latitude;... 3 to 100 of them.",
        examples=["114.2,30.5;114.4,30.5;114.3,30.7"],
    )
    min_score: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Lowest of the best scores that fit; above 0 it leaves out events without a score.",
    )
    min_duration_s: _Duration | None = Field(
        default=None, description="Lasted for so long at least: until it ended, or was last seen."
    )
    max_duration_s: _Duration | None = Field(default=None, description="Lasted for so long at most.")

    def asked(self, zone: str) -> EventFilter:
        """The same in the index's words, with hours by the clocks of `zone`. Raises `BadInput` with the filter's
        name for what cannot be meant."""
        found = EventFilter(
            from_at=self.from_at,
            to_at=self.to_at,
            hours=self._hours(zone),
            labels=frozenset(self.label),
            kinds=frozenset(self.kind),
            severities=frozenset(self.severity),
            departments=frozenset(self.department),
            sectors=frozenset(self.sector),
            cameras=frozenset(self.camera),
            region=self.region,
            q=self.q,
            box=None if self.bbox is None else Box.parse(self.bbox),
            around=None if self.near is None else Around.parse(self.near),
            polygon=None if self.polygon is None else _corners(self.polygon),
            zones=frozenset(self.zone),
            lines=frozenset(self.line),
            min_score=self.min_score,
            min_duration=_seconds(self.min_duration_s),
            max_duration=_seconds(self.max_duration_s),
        )
        check(found)
        return found

    def filters(self) -> dict[str, Any]:
        """What was asked for, as it goes on record."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"limit", "cursor"})

    def _hours(self, zone: str) -> Hours | None:
        if not self.day and self.time_from is None and self.time_to is None:
            return None
        return Hours(frozenset(self.day) or ALL_DAYS, self.time_from or time(), self.time_to or time(), zone)


class EventQuery(EventConditions):
    """Which events are asked for, of those that are there."""

    overlap: bool = Field(
        default=False, description="Also what had started before `from` and was still going on at that moment."
    )

    def asked(self, zone: str) -> EventFilter:
        """See `EventConditions.asked`."""
        found = replace(super().asked(zone), overlap=self.overlap)
        check(found)
        return found


def _seconds(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _corners(text: str) -> Polygon:
    """The corners in `longitude,latitude;longitude,latitude;...`. Raises `BadInput` (field `polygon`)."""
    try:
        pairs = [[float(number) for number in corner.split(",")] for corner in text.split(";")]
        return tuple((longitude, latitude) for longitude, latitude in pairs)
    except ValueError:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
        raise BadInput(
            f"polygon is {shown!r}; expected longitude,latitude;longitude,latitude;... in degrees",
            field="polygon",
            hint="114.2,30.5;114.4,30.5;114.3,30.7 for example",
        ) from None
