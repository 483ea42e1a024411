"""What happened on one camera, from a start to an end, by a rule."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .box import Box
from .course import Course
from .errors import BadInput
from .ids import CameraId, EventId, event_camera
from .line import Direction, LineId
from .rule import RuleId, RuleKind, Severity
from .zone import ZoneId


class EndReason(StrEnum):
    """Why an event ended."""

    LEFT = "left"
    """Its object left the zone or the picture."""
    OVER = "over"
    """What the rule watches for is over: a line was crossed, the crowd has thinned out, pictures come again."""
    STREAM_ENDED = "stream_ended"
    """The stream broke off, or the clip was over."""
    RULE_CHANGED = "rule_changed"
    """Its rule or camera was changed, switched off or removed."""
    STOPPED = "stopped"
    """The worker was stopped in good order, or gave the camera to another one."""
    INTERRUPTED = "interrupted"
    """The worker died; the event was closed at the time it was last seen."""


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Who made an event: the `n`th of lease `epoch` of its camera. The same id from the same origin is a repeat."""

    epoch: int
    n: int


@dataclass(frozen=True, slots=True)
class Event:
    """One version of an event; `version` grows from 1 with each change. Raises `BadInput` for nonsense."""

    id: EventId
    origin: Origin
    version: int
    rule: RuleId
    rule_name: str
    kind: RuleKind
    label: str
    """What the detector saw; for a crowd, what most of it is; `motion` or `stream` where no object is watched."""
    severity: Severity
    zone: ZoneId | None
    track: int | None
    """None where the event is not one object's (a crowd, motion, a lost stream)."""
    score: float | None
    """The best score of the track while the event lasted, 0 to 1; None where no detector looked."""
    box: Box | None
    """Where the object stood when it scored best; around the crowd; around what moved; None for a lost stream."""
    started_at: datetime
    """When the object first fulfilled the rule's place and labels, not when its duration was reached; UTC."""
    last_seen_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    line: LineId | None = None
    """The line that was crossed."""
    direction: Direction | None = None
    """Which way the line was crossed."""
    count: int | None = None
    """Of a crowd, how many there were at most; of a flow, how many in the worst minute; of an outage, of how many
    cameras the stream was lost at once."""
    course: Course | None = None
    """How its object moved; None where it is not one object's."""

    def __post_init__(self) -> None:
        if (self.ended_at is None) != (self.end_reason is None):
            raise BadInput("an event has both ended_at and end_reason, or neither", field="ended_at")
        if self.ended_at is not None and self.ended_at < self.started_at:
            raise BadInput(
                f"an event cannot end at {self.ended_at} before it started at {self.started_at}", field="ended_at"
            )

    @property
    def camera(self) -> CameraId:
        return event_camera(self.id)
