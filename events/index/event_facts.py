"""An event's facts as JSON tells them, in answers and in messages: of what happened both say the same."""

from typing import Any, Final

from core.clock import rfc3339
from core.course import Course
from core.rule import RuleKind

from .stored import StoredEvent

_ALARMS: Final = {kind: dict(zip(("method", "type"), kind.alarm_code, strict=True)) for kind in RuleKind}


def event_facts(stored: StoredEvent) -> dict[str, Any]:
    """What happened: all that `GET /api/v1/events/{id}` tells but `media`."""
    event = stored.event
    box = event.box
    return {
        "id": str(event.id),
        "version": event.version,
        "camera": _named(event.camera, stored.camera_name),
        "department": _named(stored.department, stored.department_name),
        "rule": _named(event.rule, event.rule_name),
        "kind": event.kind.value,
        "alarm": _ALARMS[event.kind],
        "label": event.label,
        "severity": event.severity.value,
        "zone": None if event.zone is None else _named(event.zone, stored.zone_name or ""),
        "line": None if event.line is None else _named(event.line, stored.line_name or ""),
        "direction": None if event.direction is None else event.direction.value,
        "track": event.track,
        "score": event.score,
        "box": None if box is None else [box.left, box.top, box.right, box.bottom],
        "count": event.count,
        "course": None if event.course is None else _course(event.course),
        "started_at": rfc3339(event.started_at),
        "last_seen_at": rfc3339(event.last_seen_at),
        "ended_at": None if event.ended_at is None else rfc3339(event.ended_at),
        "end_reason": None if event.end_reason is None else event.end_reason.value,
    }


def _named(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "name": name}


def _course(course: Course) -> dict[str, Any]:
    return {
        "path": [{"at": rfc3339(point.at), "x": point.foot.x, "y": point.foot.y} for point in course.path],
        "speed": course.speed,
        "heading_deg": course.heading_deg,
        "mean_score": course.mean_score,
    }
