"""An event's facts as messages tell them: under the names, and in the form, that the API has for them."""

from datetime import UTC, datetime
from typing import Any

from core.course import Course

from ..index.stored import StoredEvent


def event_facts(stored: StoredEvent) -> dict[str, Any]:
    """What happened, as JSON: all that `GET /api/v1/events/{id}` tells but `media`."""
    event = stored.event
    method, alarm = event.kind.alarm_code
    box = event.box
    return {
        "id": str(event.id),
        "version": event.version,
        "camera": _named(event.camera, stored.camera_name),
        "department": _named(stored.department, stored.department_name),
        "rule": _named(event.rule, event.rule_name),
        "kind": event.kind.value,
        "alarm": {"method": method, "type": alarm},
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
        "started_at": instant(event.started_at),
        "last_seen_at": instant(event.last_seen_at),
        "ended_at": None if event.ended_at is None else instant(event.ended_at),
        "end_reason": None if event.end_reason is None else event.end_reason.value,
    }


def instant(at: datetime) -> str:
    """`at` by RFC 3339 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _named(number: int, name: str) -> dict[str, Any]:
    return {"id": number, "name": name}


def _course(course: Course) -> dict[str, Any]:
    return {
        "path": [{"at": instant(point.at), "x": point.foot.x, "y": point.foot.y} for point in course.path],
        "speed": course.speed,
        "heading_deg": course.heading_deg,
        "mean_score": course.mean_score,
    }
