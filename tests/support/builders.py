"""Builders of core types with sensible defaults, and a clock that stands until it is told to go.

A test names only what it is about: `a_track(label="car")`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from threading import Event as Flag
from threading import Lock
from typing import Any

import numpy as np

from core.box import Box, Point
from core.detection import Detection
from core.event import EndReason, Event, Origin
from core.frame import Frame
from core.ids import CameraId, EventId, event_id
from core.line import Line, LineId
from core.motion import Motion
from core.rule import Rule, RuleId, RuleKind, Severity
from core.track import STANDING, Track, Velocity
from core.zone import Polygon, Zone, ZoneId

CAMERA = CameraId(7)
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


class FakeClock:
    """A clock that moves only when a test moves it, or when somebody sleeps on it."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._monotonic = 1000.0
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        self.advance(seconds)
        return wake is not None and wake.is_set()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic += seconds

    def set(self, now: datetime) -> None:
        """Set the time of day, as an operator would; monotonic time goes on."""
        with self._lock:
            self._now = now


def after(seconds: float) -> datetime:
    """The instant `seconds` after `START`."""
    return START + timedelta(seconds=seconds)


def a_box(x: float = 0.5, y: float = 0.5, width: float = 0.1, height: float = 0.2) -> Box:
    """A box by its centre."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def a_detection(label: str = "person", score: float = 0.8, box: Box | None = None) -> Detection:
    return Detection(label, score, box or a_box())


def a_track(
    number: int = 1,
    label: str = "person",
    score: float = 0.8,
    box: Box | None = None,
    *,
    camera: CameraId = CAMERA,
    first_seen_at: datetime = START,
    last_seen_at: datetime = START,
    smooth_score: float | None = None,
    velocity: Velocity = STANDING,
    moved: float = 0.0,
    is_stationary: bool = False,
) -> Track:
    return Track(
        camera=camera,
        number=number,
        label=label,
        score=score,
        box=box or a_box(),
        first_seen_at=first_seen_at,
        last_seen_at=max(first_seen_at, last_seen_at),
        smooth_score=score if smooth_score is None else smooth_score,
        velocity=velocity,
        moved=moved,
        is_stationary=is_stationary,
    )


def a_zone(
    points: Iterable[tuple[float, float]] = LEFT_HALF, *, number: int = 1, camera: CameraId = CAMERA, name: str = "gate"
) -> Zone:
    return Zone(ZoneId(number), camera, name, Polygon(tuple(Point(x, y) for x, y in points)))


def a_line(
    start: tuple[float, float] = (0.5, 1.0),
    end: tuple[float, float] = (0.5, 0.0),
    *,
    number: int = 1,
    camera: CameraId = CAMERA,
    name: str = "stop line",
) -> Line:
    """Up the middle of the picture: who goes right crosses it from left to right."""
    return Line(LineId(number), camera, name, Point(*start), Point(*end))


def a_rule(
    number: int = 1,
    labels: Iterable[str] = ("person",),
    *,
    camera: CameraId = CAMERA,
    name: str = "somebody is there",
    zone: Zone | None = None,
    min_duration_s: float = 1.0,
    min_score: float = 0.4,
    severity: Severity = Severity.LOW,
    cool_down_s: float = 0.0,
    enabled: bool = True,
    **more: Any,
) -> Rule:
    """`more` are further fields of `Rule`: those that not all kinds share."""
    return Rule(
        RuleId(number),
        camera,
        name,
        frozenset(labels),
        zone=zone,
        min_duration=timedelta(seconds=min_duration_s),
        min_score=min_score,
        severity=severity,
        cool_down=timedelta(seconds=cool_down_s),
        enabled=enabled,
        **more,
    )


def a_frame(
    at: datetime = START,
    *,
    camera: CameraId = CAMERA,
    width: int = 64,
    height: int = 36,
    luma: int = 128,
    arrived: float = 1000.0,
    is_key: bool = False,
    motion: Motion | None = None,
) -> Frame:
    """A frame of one grey tone."""
    half = ((height + 1) // 2, (width + 1) // 2)
    return Frame(
        camera=camera,
        at=at,
        arrived=arrived,
        pts=round((at - START).total_seconds() * 90_000),
        time_base=Fraction(1, 90_000),
        luma=np.full((height, width), luma, np.uint8),
        chroma_u=np.full(half, 128, np.uint8),
        chroma_v=np.full(half, 128, np.uint8),
        is_key=is_key,
        motion=motion,
    )


def an_event(
    n: int = 1,
    *,
    camera: CameraId = CAMERA,
    at: datetime = START,
    lasted_s: float = 2.0,
    epoch: int = 1,
    version: int = 1,
    label: str = "person",
    severity: Severity = Severity.LOW,
    zone: ZoneId | None = None,
    score: float = 0.5,
    rule_name: str = "somebody is there",
    end_reason: EndReason | None = None,
    id: EventId | None = None,  # noqa: A002 - the field's name
) -> Event:
    """The `n`th event of `camera`. Its numbers are such that the index keeps them exactly."""
    seen_at = at + timedelta(seconds=lasted_s)
    return Event(
        id=event_id(at, camera) if id is None else id,
        origin=Origin(epoch, n),
        version=version,
        rule=RuleId(1),
        rule_name=rule_name,
        kind=RuleKind.OBJECT_IN_ZONE,
        label=label,
        severity=severity,
        zone=zone,
        track=n,
        score=score,
        box=a_box(),
        started_at=at,
        last_seen_at=seen_at,
        ended_at=seen_at if end_reason else None,
        end_reason=end_reason,
    )
