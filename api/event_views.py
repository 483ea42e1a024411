"""An event as the API shows it."""

from enum import StrEnum

from pydantic import Field

from core.course import Course
from core.event import EndReason
from core.line import Direction
from core.rule import RuleKind, Severity

from .answers import Named
from .fields import Body, EventNumber, Instant


class ShownState(StrEnum):
    """Whether a medium of an event can be seen."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class SnapshotView(Body):
    """The masked picture of an event."""

    state: ShownState
    reason: str | None = Field(description="Why there is none, where it failed.")
    url: str | None = Field(description="Where it can be asked for; null while there is nothing to ask for.")


class ClipView(SnapshotView):
    """The masked clip of an event; it is made when it is asked for first."""

    seconds: float | None = Field(description="How long it plays.")


class MediaView(Body):
    """What there is to see of an event."""

    snapshot: SnapshotView
    clip: ClipView


class AlarmView(Body):
    """The event's kind in the numbers of GB/T 28181."""

    method: int
    type: int


class PathPointView(Body):
    """Where the object's foot (the middle of its box's lower edge) was at a moment, in shares of the picture."""

    at: Instant
    x: float
    y: float


class CourseView(Body):
    """How an object moved while the event lasted."""

    path: tuple[PathPointView, ...] = Field(description="Oldest first; 1 to 32 points.")
    speed: float = Field(description="Mean speed along the path, in shares of the picture a second.")
    heading_deg: float | None = Field(
        description="From the first to the last point: 0 up, 90 right, 180 down, 270 left; null if it stayed."
    )
    mean_score: float


# `event_json` writes it.
class EventView(Body):
    """What happened on one camera, from a start to an end, by a rule."""

    id: EventNumber
    version: int = Field(description="Grows with each change of the event.")
    camera: Named
    department: Named = Field(description="Who owned the camera when the event started.")
    rule: Named = Field(description="The rule, by its name at that time.")
    kind: RuleKind
    alarm: AlarmView
    label: str = Field(
        description="What the detector saw; for a crowd, what most of it is; else motion or stream.",
        examples=["person"],
    )
    severity: Severity = Field(description="1 is the most, 4 the least urgent.")
    zone: Named | None
    line: Named | None = Field(description="The line that was crossed.")
    direction: Direction | None = Field(description="Which way it was crossed, as seen from its start to its end.")
    track: int | None = Field(
        description="The number of the object's track on this camera; null where it is not one object's event."
    )
    score: float | None = Field(description="The best score while it lasted, 0 to 1; null where no detector looked.")
    box: tuple[float, float, float, float] | None = Field(
        description="Left, top, right, bottom in shares of the picture: where the object scored best, around the "
        "crowd, or around what moved; null for a lost stream."
    )
    count: int | None = Field(
        description="Of a crowd, how many there were at most; of a flow, how many in the worst minute; of an outage, "
        "of how many cameras of one uplink the stream was lost at once."
    )
    course: CourseView | None = Field(description="How the object moved; null where it is not one object's event.")
    started_at: Instant
    last_seen_at: Instant
    ended_at: Instant | None = Field(description="null while it is going on.")
    end_reason: EndReason | None
    media: MediaView
    held: bool = Field(description="Whether a hold keeps it, with its media, whatever its age.")


def course_view(course: Course) -> CourseView:
    """`course` as the API shows it."""
    return CourseView(
        path=tuple(PathPointView(at=point.at, x=point.foot.x, y=point.foot.y) for point in course.path),
        speed=course.speed,
        heading_deg=course.heading_deg,
        mean_score=course.mean_score,
    )
