"""How an event lies in the spool: JSON in a form of its own, which outlives changes of our types.

The program that reads a spool may be newer than the one that wrote it. So a field that is added here is left out where
it has nothing to say, is not missed where it is not there, and keeps its name and meaning for ever.
"""

import json
from typing import Any, Final

from core.box import Box, Point
from core.course import Course, PathPoint
from core.event import EndReason, Event, Origin
from core.ids import EventId
from core.line import Direction, LineId
from core.rule import RuleId, RuleKind, Severity
from core.zone import ZoneId
from registry.columns import from_microseconds, to_microseconds

FORM: Final = 1
"""Grows when older programs would misread what newer ones write."""


def event_text(event: Event) -> str:
    """`event` as JSON: instants in microseconds since 1970 UTC, scores and shares to the last digit.

    (`float`: what came out of a network may be a number of NumPy's, which JSON does not know.)
    """
    fields: dict[str, Any] = {
        "id": event.id,
        "epoch": event.origin.epoch,
        "n": event.origin.n,
        "version": event.version,
        "rule": event.rule,
        "rule_name": event.rule_name,
        "kind": event.kind.value,
        "label": event.label,
        "severity": event.severity.value,
        "zone": event.zone,
        "track": event.track,
        "score": None if event.score is None else float(event.score),
        "box": None if event.box is None else _box(event.box),
        "started_at": to_microseconds(event.started_at),
        "last_seen_at": to_microseconds(event.last_seen_at),
        "ended_at": None if event.ended_at is None else to_microseconds(event.ended_at),
        "end_reason": None if event.end_reason is None else event.end_reason.value,
        "line": event.line,
        "direction": None if event.direction is None else event.direction.value,
        "count": event.count,
        "course": None if event.course is None else _course(event.course),
    }
    said = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False)


def event_of(text: str) -> Event:
    """The event that `event_text` wrote. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise TypeError(f"an event is a JSON object, not {text[:40]!r}")
    ended_at, end_reason, direction = fields.get("ended_at"), fields.get("end_reason"), fields.get("direction")
    zone, line, box, course = (fields.get(name) for name in ("zone", "line", "box", "course"))
    return Event(
        id=EventId(fields["id"]),
        origin=Origin(fields["epoch"], fields["n"]),
        version=fields["version"],
        rule=RuleId(fields["rule"]),
        rule_name=fields["rule_name"],
        kind=RuleKind(fields["kind"]),
        label=fields["label"],
        severity=Severity(fields["severity"]),
        zone=None if zone is None else ZoneId(zone),
        track=fields.get("track"),
        score=fields.get("score"),
        box=None if box is None else Box(*box),
        started_at=from_microseconds(fields["started_at"]),
        last_seen_at=from_microseconds(fields["last_seen_at"]),
        ended_at=None if ended_at is None else from_microseconds(ended_at),
        end_reason=None if end_reason is None else EndReason(end_reason),
        line=None if line is None else LineId(line),
        direction=None if direction is None else Direction(direction),
        count=fields.get("count"),
        course=None if course is None else _course_of(course),
    )


def _box(box: Box) -> list[float]:
    return [float(side) for side in (box.left, box.top, box.right, box.bottom)]


def _course(course: Course) -> dict[str, Any]:
    return {
        "path": [[to_microseconds(point.at), float(point.foot.x), float(point.foot.y)] for point in course.path],
        "speed": float(course.speed),
        "heading_deg": None if course.heading_deg is None else float(course.heading_deg),
        "mean_score": float(course.mean_score),
    }


def _course_of(fields: dict[str, Any]) -> Course:
    return Course(
        path=tuple(PathPoint(from_microseconds(at), Point(x, y)) for at, x, y in fields["path"]),
        speed=fields["speed"],
        heading_deg=fields["heading_deg"],
        mean_score=fields["mean_score"],
    )
