"""Rules as requests say them and as answers show them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated

from pydantic import MISSING, Field

from core.hours import Hours, Weekday
from core.line import Direction, Line
from core.rule import Rule, RuleKind, Severity
from core.zone import Zone
from registry.department_rules import DepartmentRule, check_places
from registry.rule_terms import Terms

from .answers import part_of_body
from .fields import Body, CameraNumber, DepartmentNumber, LineNumber, RuleNumber, Text, ZoneNumber, given

Labels = Annotated[
    tuple[Text, ...],
    Field(
        max_length=200,
        description="Objects of which kinds it watches for, as the active detector calls them; none for motion and "
        "stream_lost.",
        examples=[["person", "bicycle"]],
    ),
]
Duration = Annotated[
    float,
    Field(
        ge=0,
        le=86_400,
        description="For how long the condition must hold, in seconds (to the millisecond). Where it is left out: 1; "
        "30 for loitering and stream_lost; 0 for line_crossed and flow.",
    ),
]
CoolDown = Annotated[
    float, Field(ge=0, le=604_800, description="For so many seconds after one of its events began, no other does.")
]
Score = Annotated[float, Field(ge=0, le=1, description="How sure the detector must be.")]
Size = Annotated[
    float,
    Field(ge=0, le=1, description="Least share of the picture that the object's box covers; for motion: that changes."),
]
Path = Annotated[
    float, Field(ge=0, le=2, description="How far the object must have moved since it was first seen, in shares.")
]
Speed = Annotated[
    float, Field(gt=0, le=100, description="For fast_motion: shares of the picture a second.", examples=[0.5])
]
Count = Annotated[
    int,
    Field(
        ge=1,
        le=10_000,
        description="For crowding: how many at once. For flow: how many in a minute make an event; null: counts alone.",
    ),
]
Once = Annotated[bool, Field(description="Whether an object makes at most one event, however often it comes back.")]
Urgency = Annotated[Severity, Field(description="How urgent its events are: 1 is the most, 4 the least urgent.")]
Place = Annotated[ZoneNumber, Field(description="The zone in which the object must stand; null: anywhere.")]
Across = Annotated[
    LineNumber,
    Field(description="The line that it watches. For wrong_way, the right way goes from its start to its end."),
]
Way = Annotated[Direction, Field(description="For line_crossed: only this way; null: either.")]
ClockTime = Annotated[
    str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", max_length=8, examples=["22:00"])
]


class HoursBody(Body):
    """Hours of some days of the week. Where `end` is not after `begin`, they end on the following day."""

    days: tuple[Weekday, ...] = Field(default=tuple(Weekday), min_length=1, max_length=7)
    begin: ClockTime = "00:00"
    end: ClockTime = Field(default="00:00", description="The first moment that does not belong to them.")
    time_zone: Text = Field(default="UTC", description="Whose clocks count.", examples=["Asia/Shanghai"])


AllHours = Annotated[tuple[HoursBody, ...], Field(max_length=16, description="When it watches; none: always.")]


class NewRule(Body):
    """A rule to be added."""

    name: Text = Field(examples=["people at the gate"])
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    labels: Labels = ()
    zone: Place | None = None
    line: Across | None = None
    direction: Way | None = None
    min_duration_s: Duration | MISSING = MISSING
    min_score: Score = 0.4
    min_size: Size = 0.0
    min_path: Path = 0.0
    min_speed: Speed | None = None
    min_count: Count | None = None
    hours: AllHours = ()
    cool_down_s: CoolDown = 0.0
    once_per_track: Once = False
    severity: Urgency = Severity.LOW
    enabled: bool = True

    def save(self, add: Callable[..., Rule]) -> Rule:
        """Hand the rule to `add`: `registry.rules.add` on a connection and a camera."""
        return add(name=self.name, labels=self.labels, zone=self.zone, line=self.line, **self._terms())

    def save_standing(self, add: Callable[..., DepartmentRule]) -> DepartmentRule:
        """Hand the rule to `add`: `registry.department_rules.add` on a connection and a department."""
        check_places(self.zone, self.line)
        return add(name=self.name, labels=self.labels, **self._terms())

    def _terms(self) -> Terms:
        terms: Terms = {
            "kind": self.kind,
            "direction": self.direction,
            "min_score": self.min_score,
            "min_size": self.min_size,
            "min_path": self.min_path,
            "min_speed": self.min_speed,
            "min_count": self.min_count,
            "hours": hours_asked(self.hours),
            "cool_down": timedelta(seconds=self.cool_down_s),
            "once_per_track": self.once_per_track,
            "severity": self.severity,
            "enabled": self.enabled,
        }
        if self.min_duration_s is not MISSING:
            terms["min_duration"] = timedelta(seconds=self.min_duration_s)
        return terms


class RuleChange(Body):
    """What is to be changed of a rule; what is left out stays."""

    name: Text | MISSING = MISSING
    kind: RuleKind | MISSING = MISSING
    labels: Labels | MISSING = MISSING
    zone: Place | MISSING | None = MISSING
    line: Across | MISSING | None = MISSING
    direction: Way | MISSING | None = MISSING
    min_duration_s: Duration | MISSING = MISSING
    min_score: Score | MISSING = MISSING
    min_size: Size | MISSING = MISSING
    min_path: Path | MISSING = MISSING
    min_speed: Speed | MISSING | None = MISSING
    min_count: Count | MISSING | None = MISSING
    hours: AllHours | MISSING = MISSING
    cool_down_s: CoolDown | MISSING = MISSING
    once_per_track: Once | MISSING = MISSING
    severity: Urgency | MISSING = MISSING
    enabled: bool | MISSING = MISSING

    def applied_to(self, before: Rule, zone: Zone | None, line: Line | None) -> Rule:
        """`before` with what is given; `zone` and `line` are those it looks at from now on."""
        return replace(
            before,
            name=given(self.name, before.name),
            kind=given(self.kind, before.kind),
            labels=before.labels if self.labels is MISSING else frozenset(self.labels),
            zone=zone,
            line=line,
            direction=given(self.direction, before.direction),
            min_duration=_duration(self.min_duration_s, before.min_duration),
            min_score=given(self.min_score, before.min_score),
            min_size=given(self.min_size, before.min_size),
            min_path=given(self.min_path, before.min_path),
            min_speed=given(self.min_speed, before.min_speed),
            min_count=given(self.min_count, before.min_count),
            hours=before.hours if self.hours is MISSING else hours_asked(self.hours),
            cool_down=_duration(self.cool_down_s, before.cool_down),
            once_per_track=given(self.once_per_track, before.once_per_track),
            severity=given(self.severity, before.severity),
            enabled=given(self.enabled, before.enabled),
        )


class RuleView(Body):
    """What makes an event: on one camera, or on each of a department."""

    id: RuleNumber
    camera: CameraNumber | None = Field(description="null for a rule of a department.")
    department: DepartmentNumber | None = Field(description="Whose cameras it watches; null for a rule of a camera.")
    name: str
    kind: RuleKind
    labels: tuple[str, ...]
    zone: ZoneNumber | None
    line: LineNumber | None
    direction: Direction | None
    min_duration_s: float
    min_score: float
    min_size: float
    min_path: float
    min_speed: float | None
    min_count: int | None
    hours: tuple[HoursBody, ...]
    cool_down_s: float
    once_per_track: bool
    severity: Severity
    enabled: bool


def view(found: Rule | DepartmentRule) -> RuleView:
    """A rule of a camera or of a department as the API shows it."""
    rule = found.rule if isinstance(found, DepartmentRule) else found
    return RuleView(
        id=rule.id,
        camera=None if isinstance(found, DepartmentRule) else found.camera,
        department=found.department if isinstance(found, DepartmentRule) else None,
        name=rule.name,
        kind=rule.kind,
        labels=tuple(sorted(rule.labels)),
        zone=None if rule.zone is None else rule.zone.id,
        line=None if rule.line is None else rule.line.id,
        direction=rule.direction,
        min_duration_s=rule.min_duration.total_seconds(),
        min_score=rule.min_score,
        min_size=rule.min_size,
        min_path=rule.min_path,
        min_speed=rule.min_speed,
        min_count=rule.min_count,
        hours=hours_shown(rule.hours),
        cool_down_s=rule.cool_down.total_seconds(),
        once_per_track=rule.once_per_track,
        severity=rule.severity,
        enabled=rule.enabled,
    )


def _duration(seconds: float | MISSING, before: timedelta) -> timedelta:
    return before if seconds is MISSING else timedelta(seconds=seconds)


def hours_asked(asked: tuple[HoursBody, ...]) -> tuple[Hours, ...]:
    """The hours of a body. Raises `BadInput` for its field `hours`."""
    found = []
    for place, span in enumerate(asked):
        with part_of_body(f"hours[{place}]"):
            begin, end = time.fromisoformat(span.begin), time.fromisoformat(span.end)
            found.append(Hours(frozenset(span.days), begin, end, span.time_zone))
    return tuple(found)


def hours_shown(hours: tuple[Hours, ...]) -> tuple[HoursBody, ...]:
    """Hours as the API shows them."""
    return tuple(_shown(span) for span in hours)


def _shown(span: Hours) -> HoursBody:
    return HoursBody(
        days=tuple(day for day in Weekday if day in span.days),
        begin=_clock_time(span.begin),
        end=_clock_time(span.end),
        time_zone=span.time_zone,
    )


def _clock_time(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second else "minutes")
