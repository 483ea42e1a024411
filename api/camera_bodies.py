"""Cameras as requests say them and as answers show them."""

import re
from dataclasses import fields, replace
from datetime import date
from typing import Annotated, Any

from pydantic import MISSING, BeforeValidator, Field, JsonValue

from core.camera import Camera
from core.camera_facts import CameraFacts, PointClass, PtzType, RoomType
from core.gb_tables import GbEdition

from .answers import Named
from .attention import AttentionBody, AttentionChange
from .fields import Body, CameraNumber, DepartmentNumber, Text, given
from .rule_bodies import NewRule
from .stream_states import StatusView
from .streams import NewStream, StreamView

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def _asked_day(text: Any) -> Any:
    if not (isinstance(text, date) or (isinstance(text, str) and _DAY.match(text))):
        raise ValueError("is a day as text, 2026-05-01 for example")
    return text


GbCodeText = Annotated[
    Text, Field(description="The 20 digits by which GB/T 28181 names it.", examples=["31010400111320000017"])
]
Edition = Annotated[
    GbEdition, Field(description="By which edition's tables the code goes; 2022 where only a code is given.")
]
OwnId = Annotated[Text, Field(description="The department's own id of it.", examples=["EDU-0017"])]
RegionText = Annotated[
    Text, Field(description="The code of its region: 2, 4, 6, 8, 9 or 12 digits.", examples=["310104"])
]
Longitude = Annotated[float, Field(description="Degrees east, WGS-84; together with the latitude.", examples=[121.44])]
Latitude = Annotated[float, Field(description="Degrees north, WGS-84.", examples=[31.19])]
Class = Annotated[PointClass, Field(description="The class of the point: 1, 2, 3, or 9 for others.")]
Ptz = Annotated[
    PtzType,
    Field(
        description="1 dome, 2 half dome, 3 fixed, 4 steered, 5 steered half dome, 6 panorama and 7 part of a device "
        "with several lenses."
    ),
]
Room = Annotated[RoomType, Field(description="1 outdoors, 2 indoors.")]
Direction = Annotated[float, Field(description="Where it looks: degrees clockwise from north.")]
Angle = Annotated[float, Field(description="How wide it sees, in degrees.")]
Day = Annotated[date, BeforeValidator(_asked_day), Field(description="When it was installed.")]
Days = Annotated[int, Field(description="For how many days its owner keeps recordings.")]
Resolution = Annotated[Text, Field(description="Width x height in pixels.", examples=["1920x1080"])]
Uplink = Annotated[
    Text, Field(description="What it hangs on with others: a recorder, a switch, a line.", examples=["NVR 3"])
]
Extra = Annotated[
    dict[str, JsonValue],
    Field(description="Whatever else its owner keeps: an object of at most 4096 bytes, 64 keys and 4 levels."),
]


class Facts(Body):
    """What is on record of a camera beside its name, owner and streams; null where it is not known."""

    gb_code: GbCodeText | None = None
    gb_edition: Edition | None = None
    own_id: OwnId | None = None
    region: RegionText | None = None
    manufacturer: Text | None = None
    model: Text | None = None
    address: Text | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    point_class: Class | None = None
    ptz_type: Ptz | None = None
    room_type: Room | None = None
    look_direction: Direction | None = None
    field_of_view: Angle | None = None
    installed_on: Day | None = None
    management_unit: Text | None = None
    contact: Text | None = None
    recording_days: Days | None = None
    resolution: Resolution | None = None
    uplink: Uplink | None = None
    extra: Extra = Field(default_factory=dict)


FACTS = tuple(one.name for one in fields(CameraFacts))
"""The names of the facts, the same here and in `core.camera_facts`."""


class NewCamera(Facts):
    """A camera to be added, with its streams and rules: all of it, or nothing."""

    name: Text = Field(examples=["North gate"])
    department: DepartmentNumber | MISSING = Field(
        default=MISSING, description="Its owner's number; where it is left out, who asks owns it, and for the city 1."
    )
    enabled: bool = Field(default=True, description="Whether it is watched.")
    streams: tuple[NewStream, ...] = Field(default=(), max_length=3)
    rules: tuple[NewRule, ...] = Field(default=(), max_length=64)
    attention: AttentionBody = AttentionBody()

    def facts(self) -> CameraFacts:
        """Its facts, unchecked."""
        return CameraFacts(**{name: getattr(self, name) for name in FACTS})


class CameraChange(Body):
    """What is to be changed of a camera; what is left out stays, null takes away."""

    name: Text | MISSING = MISSING
    department: DepartmentNumber | MISSING = MISSING
    enabled: bool | MISSING = MISSING
    attention: AttentionChange | MISSING = MISSING
    gb_code: GbCodeText | MISSING | None = MISSING
    gb_edition: Edition | MISSING | None = MISSING
    own_id: OwnId | MISSING | None = MISSING
    region: RegionText | MISSING | None = MISSING
    manufacturer: Text | MISSING | None = MISSING
    model: Text | MISSING | None = MISSING
    address: Text | MISSING | None = MISSING
    longitude: Longitude | MISSING | None = MISSING
    latitude: Latitude | MISSING | None = MISSING
    point_class: Class | MISSING | None = MISSING
    ptz_type: Ptz | MISSING | None = MISSING
    room_type: Room | MISSING | None = MISSING
    look_direction: Direction | MISSING | None = MISSING
    field_of_view: Angle | MISSING | None = MISSING
    installed_on: Day | MISSING | None = MISSING
    management_unit: Text | MISSING | None = MISSING
    contact: Text | MISSING | None = MISSING
    recording_days: Days | MISSING | None = MISSING
    resolution: Resolution | MISSING | None = MISSING
    uplink: Uplink | MISSING | None = MISSING
    extra: Extra | MISSING | None = MISSING

    def applied_to(self, before: Camera) -> Camera:
        """`before` with the name, department and state that are given."""
        return replace(
            before,
            name=given(self.name, before.name),
            department=given(self.department, before.department),
            enabled=given(self.enabled, before.enabled),
        )

    def applied_to_facts(self, before: CameraFacts) -> CameraFacts:
        """`before` with the facts that are given, unchecked."""
        asked = {name: getattr(self, name) for name in FACTS}
        changed = {name: value for name, value in asked.items() if value is not MISSING}
        if "extra" in changed:
            changed["extra"] = changed["extra"] or {}
        return replace(before, **changed)


class CameraView(Facts):
    """A device at a place, owned by a department."""

    id: CameraNumber
    name: str
    department: Named
    enabled: bool
    streams: tuple[StreamView, ...]
    attention: AttentionBody
    status: StatusView | None = Field(description="Of its detect stream; null before a worker has looked at it.")
    revision: int = Field(
        description="Counts its changes and those of its streams; its `ETag`. `status` is not counted."
    )


def fact_fields(facts: CameraFacts) -> dict[str, Any]:
    """The facts as `Facts` takes them."""
    return {name: getattr(facts, name) for name in FACTS}
