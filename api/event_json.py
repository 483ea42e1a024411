"""Events as JSON, in the form that `EventView` describes: a page of them in a fraction of the time that making and
checking the models takes."""

from typing import Any, Final

from pydantic_core import to_json

from core.course import Course
from core.rule import RuleKind
from events.index.stored import MOST_KEPT, Medium, StoredEvent
from events.media.table import MediaKind, MediaState

from .fields import rfc3339

_ALARMS: Final = {kind: dict(zip(("method", "type"), kind.alarm_code, strict=True)) for kind in RuleKind}
_KEPT: Final[dict[int, tuple[StoredEvent, bytes]]] = {}
"""What was written of an event, by its `id` in memory, which no other one has while it stands here. The index hands out
the same object as long as nothing about the event has changed."""


def event_json(stored: StoredEvent) -> bytes:
    """The event as `EventView` describes it. Any thread."""
    kept = _KEPT.get(id(stored))
    if kept is not None:
        return kept[1]
    written = to_json(_fields(stored))
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(stored)] = stored, written
    return written


def _fields(stored: StoredEvent) -> dict[str, Any]:
    event = stored.event
    box = event.box
    return {
        "id": str(event.id),
        "version": event.version,
        "camera": {"id": event.camera, "name": stored.camera_name},
        "department": {"id": stored.department, "name": stored.department_name},
        "rule": {"id": event.rule, "name": event.rule_name},
        "kind": event.kind.value,
        "alarm": _ALARMS[event.kind],
        "label": event.label,
        "severity": event.severity.value,
        "zone": None if event.zone is None else {"id": event.zone, "name": stored.zone_name or ""},
        "line": None if event.line is None else {"id": event.line, "name": stored.line_name or ""},
        "direction": None if event.direction is None else event.direction.value,
        "track": event.track,
        "score": event.score,
        "box": None if box is None else (box.left, box.top, box.right, box.bottom),
        "count": event.count,
        "course": None if event.course is None else _course(event.course),
        "started_at": rfc3339(event.started_at),
        "last_seen_at": rfc3339(event.last_seen_at),
        "ended_at": None if event.ended_at is None else rfc3339(event.ended_at),
        "end_reason": None if event.end_reason is None else event.end_reason.value,
        "media": _media(stored),
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "path": [{"at": rfc3339(point.at), "x": point.foot.x, "y": point.foot.y} for point in course.path],
        "speed": course.speed,
        "heading_deg": course.heading_deg,
        "mean_score": course.mean_score,
    }


def _media(stored: StoredEvent) -> dict[str, Any]:
    at = f"/api/v1/events/{stored.event.id}"
    snapshot = stored.medium(MediaKind.SNAPSHOT)
    original, masked = stored.medium(MediaKind.ORIGINAL), stored.medium(MediaKind.MASKED_CLIP)
    # The masked clip is made from the original when it is asked for, so an original that is there is as good, and a
    # masked clip that failed can be asked for again.
    clip = masked if masked is not None and masked.state is not MediaState.PENDING else original
    seconds = next((medium.seconds for medium in (masked, original) if medium and medium.seconds is not None), None)
    return {
        "snapshot": _shown(snapshot, snapshot, f"{at}/snapshot"),
        "clip": {**_shown(clip, original, f"{at}/clip"), "seconds": seconds},
    }


def _shown(medium: Medium | None, source: Medium | None, url: str) -> dict[str, Any]:
    return {
        "state": "none" if medium is None else medium.state.value,
        "reason": None if medium is None else medium.reason,
        "url": url if source is not None and source.state is MediaState.READY else None,
    }
