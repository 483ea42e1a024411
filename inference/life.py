"""The life of an event: its first version once it is ripe, one every ten seconds while it goes on, one when it ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.box import Box
from core.course import Course
from core.event import EndReason, Event
from core.line import Direction
from core.rule import Rule

from .numbering import Numbering

TOLD_EVERY = timedelta(seconds=10)
"""How often an event that goes on is told again."""


class LifeSettings(BaseModel):
    """How long an event outlives its object's absence."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    grace_s: float = Field(default=3.0, ge=0, le=300)
    """An event goes on if its object is back in the zone, or another stands in the same place, within this time."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a version of an event says beside its rule and its times; `core.event.Event` says what each means."""

    label: str
    score: float | None = None
    box: Box | None = None
    direction: Direction | None = None
    count: int | None = None
    course: Course | None = None


def first_version(
    rule: Rule,
    numbering: Numbering,
    facts: Facts,
    started_at: datetime,
    last_seen_at: datetime,
    track: int | None = None,
) -> Event:
    """The event's first version, under an id and an origin of its own."""
    number, origin = numbering.number(started_at)
    return Event(
        id=number,
        origin=origin,
        version=1,
        rule=rule.id,
        rule_name=rule.name,
        kind=rule.kind,
        label=facts.label,
        severity=rule.severity,
        zone=rule.zone.id if rule.zone is not None else None,
        track=track,
        score=facts.score,
        box=facts.box,
        started_at=started_at,
        last_seen_at=max(started_at, last_seen_at),
        line=rule.line.id if rule.line is not None else None,
        direction=facts.direction,
        count=facts.count,
        course=facts.course,
    )


def next_version(event: Event, facts: Facts, last_seen_at: datetime) -> Event:
    """`event`, which still goes on."""
    return replace(
        event,
        version=event.version + 1,
        label=facts.label,
        score=facts.score,
        box=facts.box,
        direction=facts.direction,
        count=facts.count,
        course=facts.course,
        last_seen_at=max(event.started_at, last_seen_at),
    )


def last_version(event: Event, facts: Facts, ended_at: datetime, reason: EndReason) -> Event:
    """`event`, which is over; `ended_at` is where it was last seen."""
    ended = next_version(event, facts, ended_at)
    return replace(ended, ended_at=ended.last_seen_at, end_reason=reason)
