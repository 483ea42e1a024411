"""What is said when a rule is tried: by the API to the worker, and by both to whoever asked."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core.event import EndReason
from core.line import Direction
from core.rule import Rule

from .account_view import TrackSums
from .event_views import CourseView
from .fields import Body, Instant
from .flow_view import FlowItem


class TrialOrder(BaseModel):
    """Which rule is to be tried, on which time; its camera is the rule's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Rule
    from_at: datetime
    to_at: datetime


class TrialEvent(Body):
    """An event that the rule would have made."""

    label: str
    track: int | None
    score: float | None
    box: tuple[float, float, float, float] | None = Field(description="Left, top, right, bottom in shares.")
    direction: Direction | None
    count: int | None
    course: CourseView | None
    started_at: Instant
    last_seen_at: Instant
    ended_at: Instant | None = Field(description="null: it was going on when the trial ended.")
    end_reason: EndReason | None


class TrialView(Body):
    """What a rule would have done."""

    from_at: Instant = Field(alias="from")
    to_at: Instant = Field(alias="to", description="How far the trial came; with a hint where that is less than asked.")
    looks: int = Field(description="How often the camera was looked at meanwhile; 0: there is no log of that time.")
    events: tuple[TrialEvent, ...]
    account: TrackSums
    flow: tuple[FlowItem, ...] = Field(
        description="For a rule of the kind flow: what it would have counted, by minute."
    )
    hint: str | None = Field(description="What to know of the answer: why there is no log, or where to go on.")
