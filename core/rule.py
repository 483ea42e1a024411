"""Rules: what makes an event."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NewType, assert_never

from .errors import BadInput
from .hours import Hours
from .ids import CameraId
from .line import Direction, Line
from .zone import Zone

RuleId = NewType("RuleId", int)


class Severity(IntEnum):
    """How urgent an event is: AlarmPriority of GB/T 28181, where 1 is the most urgent."""

    EMERGENCY = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class Subject(StrEnum):
    """What a rule watches."""

    TRACK = "track"
    """One object: each makes events of its own."""
    CROWD = "crowd"
    """All objects of its labels together."""
    PICTURE = "picture"
    """What the motion gate sees."""
    STREAM = "stream"
    """Whether pictures come at all."""


class RuleKind(StrEnum):
    """Which condition a rule watches for."""

    OBJECT_IN_ZONE = "object_in_zone"
    """An object is in a zone."""
    INTRUSION = "intrusion"
    """An object has come into a zone: it was seen outside before, or has moved since it appeared."""
    LINE_CROSSED = "line_crossed"
    """An object crosses a line, in one direction or in either."""
    WRONG_WAY = "wrong_way"
    """An object moves against a line that points the right way."""
    LOITERING = "loitering"
    """An object stays in a zone for long, short absences included."""
    CROWDING = "crowding"
    """So many objects are in a zone at once."""
    FLOW = "flow"
    """How many objects cross a line in each direction: a time series; an event where there are too many in a minute."""
    FAST_MOTION = "fast_motion"
    """An object is faster than it should be."""
    MOTION = "motion"
    """Something moves, whatever it is."""
    STREAM_LOST = "stream_lost"
    """No pictures come any more."""

    @property
    def alarm_code(self) -> tuple[int, int]:
        """Alarm method and alarm type of GB/T 28181 for events of this kind."""
        match self:
            case RuleKind.OBJECT_IN_ZONE | RuleKind.MOTION:
                return 5, 2
            case RuleKind.LINE_CROSSED:
                return 5, 5
            case RuleKind.INTRUSION:
                return 5, 6
            case RuleKind.WRONG_WAY:
                return 5, 7
            case RuleKind.LOITERING:
                return 5, 8
            case RuleKind.FLOW:
                return 5, 9
            case RuleKind.CROWDING:
                return 5, 10
            case RuleKind.FAST_MOTION:
                return 5, 12
            case RuleKind.STREAM_LOST:
                return 2, 1
            case _:
                assert_never(self)

    @property
    def usual_duration(self) -> timedelta:
        """For how long the condition of such a rule must hold, where nobody says so."""
        match self:
            case RuleKind.LINE_CROSSED | RuleKind.FLOW:
                return timedelta(0)
            case RuleKind.LOITERING | RuleKind.STREAM_LOST:
                return timedelta(seconds=30)
            case _:
                return timedelta(seconds=1)

    @property
    def subject(self) -> Subject:
        """What rules of this kind watch."""
        match self:
            case RuleKind.CROWDING | RuleKind.FLOW:
                return Subject.CROWD
            case RuleKind.MOTION:
                return Subject.PICTURE
            case RuleKind.STREAM_LOST:
                return Subject.STREAM
            case _:
                return Subject.TRACK


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched for on one camera; what a field means for the kinds that take it stands beside it.

    Raises `BadInput`, naming the field, for one that the kind needs and has not, or has and does not take (`TAKES`),
    and for nonsense: a score outside 0..1, a duration below 0.
    """

    id: RuleId
    camera: CameraId
    name: str
    labels: frozenset[str] = frozenset()
    """Objects of which kinds; none for motion and stream lost."""
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    zone: Zone | None = None
    """Where; None: anywhere. An object is where its foot is (the middle of its box's lower edge)."""
    line: Line | None = None
    """Line crossed and flow: what is crossed. Wrong way: the right way goes from its start to its end."""
    direction: Direction | None = None
    """Line crossed: only this way; None: either."""
    min_duration: timedelta = timedelta(seconds=1)
    """For how long the condition must hold."""
    min_score: float = 0.4
    """Least `Track.smooth_score`."""
    min_size: float = 0.0
    """Least share of the picture that the object's box covers; for motion: that changes."""
    min_path: float = 0.0
    """How far the object must have moved since it was first seen, in shares: above 0, what only stands there does not
    count."""
    min_speed: float | None = None
    """Fast motion: shares of the picture a second."""
    min_count: int | None = None
    """Crowding: how many at once. Flow: how many in one minute make an event (None: counts alone, no events)."""
    hours: tuple[Hours, ...] = ()
    """When it watches; none: always."""
    cool_down: timedelta = timedelta(0)
    """For so long after one of its events began, no other does."""
    once_per_track: bool = False
    """Whether an object makes at most one event, however often it comes back."""
    severity: Severity = Severity.LOW
    enabled: bool = True

    def __post_init__(self) -> None:
        for field in NEEDS[self.kind]:
            if not getattr(self, field):
                raise BadInput(
                    f"rule {self.name!r} is of kind {self.kind.value} and has no {field}; {_EXPECTED[field]}",
                    field=field,
                )
        for field, plain in _PLAIN.items():
            if field not in TAKES[self.kind] and getattr(self, field) != plain:
                raise BadInput(
                    f"rule {self.name!r} has {field}, which means nothing for the kind {self.kind.value}; leave it out",
                    field=field,
                )
        for field, least, most in _BOUNDS:
            value = getattr(self, field)
            if value is not None and not least <= value <= most:
                raise BadInput(f"{field} of rule {self.name!r} is {value}; expected {least} to {most}", field=field)
        for field in ("min_duration", "cool_down"):
            if getattr(self, field) < timedelta(0):
                raise BadInput(f"{field} of rule {self.name!r} is below 0 s", field=f"{field}_s")


_OF_TRACKS = frozenset({"labels", "zone", "min_score", "min_size", "min_path", "once_per_track"})

TAKES: dict[RuleKind, frozenset[str]] = {
    RuleKind.OBJECT_IN_ZONE: _OF_TRACKS,
    RuleKind.INTRUSION: _OF_TRACKS,
    RuleKind.LINE_CROSSED: _OF_TRACKS | {"line", "direction"},
    RuleKind.WRONG_WAY: _OF_TRACKS | {"line"},
    RuleKind.LOITERING: _OF_TRACKS,
    RuleKind.CROWDING: frozenset({"labels", "zone", "min_score", "min_size", "min_path", "min_count"}),
    RuleKind.FLOW: frozenset({"labels", "line", "min_score", "min_size", "min_path", "min_count"}),
    RuleKind.FAST_MOTION: _OF_TRACKS | {"min_speed"},
    RuleKind.MOTION: frozenset({"zone", "min_size"}),
    RuleKind.STREAM_LOST: frozenset(),
}
"""Which of the fields that not all kinds share each kind takes."""

NEEDS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.OBJECT_IN_ZONE: ("labels",),
    RuleKind.INTRUSION: ("labels", "zone"),
    RuleKind.LINE_CROSSED: ("labels", "line"),
    RuleKind.WRONG_WAY: ("labels", "line"),
    RuleKind.LOITERING: ("labels",),
    RuleKind.CROWDING: ("labels", "min_count"),
    RuleKind.FLOW: ("labels", "line"),
    RuleKind.FAST_MOTION: ("labels", "min_speed"),
    RuleKind.MOTION: (),
    RuleKind.STREAM_LOST: (),
}
"""Which fields each kind cannot do without."""

_PLAIN: dict[str, object] = {
    "labels": frozenset(),
    "zone": None,
    "line": None,
    "direction": None,
    "min_score": 0.4,
    "min_size": 0.0,
    "min_path": 0.0,
    "min_speed": None,
    "min_count": None,
    "once_per_track": False,
}
"""What a field is where nobody set it."""

_EXPECTED = {
    "labels": "expected at least one, person for example",
    "zone": "expected the zone in which it watches",
    "line": "expected the line that it watches",
    "min_count": "expected how many objects at once are too many",
    "min_speed": "expected a speed in shares of the picture a second, 0.5 for example",
}

_BOUNDS: tuple[tuple[str, float, float], ...] = (
    ("min_score", 0, 1),
    ("min_size", 0, 1),
    ("min_path", 0, 2),
    ("min_speed", 0, 100),
    ("min_count", 1, 10_000),
)
