"""Events are written by hand, and no otherwise than their model says."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from api.answers import Listing
from api.event_json import event_json
from api.event_views import EventView
from api.events import EventListing
from api.written import written_listing
from core.box import Point
from core.camera import DepartmentId
from core.clock import rfc3339
from core.course import Course, PathPoint
from core.event import EndReason
from core.ids import CameraId
from core.line import Direction, LineId
from core.rule import RuleKind, Severity
from core.zone import ZoneId
from events.index.stored import Medium, StoredEvent
from events.media.table import MediaKind, MediaState
from tests.support.builders import START, a_box, after, an_event
from tests.support.stored import a_stored_event

ODD_NAME = 'a "gate" \\ \u2028 \n 大门 \U0001f6aa'
COURSE = Course((PathPoint(START, Point(0.2, 0.8)), PathPoint(after(1.5), Point(1.0, 1e-7))), 0.0, None, 0.7131)


def a_stored(media: tuple[Medium, ...] = (), **fields: object) -> StoredEvent:
    event = replace(an_event(7), **fields)  # type: ignore[arg-type]  # any of its fields
    return a_stored_event(
        event, camera=ODD_NAME, department=DepartmentId(3), owner=ODD_NAME, zone=ODD_NAME, media=media
    )


def a_medium(kind: MediaKind, state: MediaState) -> Medium:
    reason = ODD_NAME if state is MediaState.FAILED else None
    return Medium(kind, state, reason, 12.34 if kind is MediaKind.ORIGINAL else None, 5, 6, 7, START)


EVENTS = (
    *(a_stored(kind=kind) for kind in RuleKind),
    *(a_stored(severity=severity) for severity in Severity),
    *(a_stored(ended_at=after(9), end_reason=reason) for reason in EndReason),
    *(a_stored(direction=direction, line=LineId(9), zone=ZoneId(8)) for direction in Direction),
    a_stored(track=None, score=None, box=None, count=12),
    a_stored(score=1.0, box=a_box(width=1.0, height=1.0), rule_name=ODD_NAME, label=ODD_NAME),
    a_stored(course=COURSE),
    a_stored(course=replace(COURSE, heading_deg=359.9, speed=1 / 3)),
    a_stored(last_seen_at=START + timedelta(microseconds=123_999)),
    *(
        a_stored(tuple(a_medium(kind, state) for kind, state in zip(MediaKind, states, strict=True) if state))
        for states in product((None, *MediaState), repeat=len(MediaKind))
    ),
)


@pytest.mark.parametrize("stored", EVENTS)
def test_an_event_is_written_as_its_model_writes_it(stored: StoredEvent) -> None:
    found = event_json(stored)
    assert EventView.model_validate_json(found).model_dump_json().encode() == found


@pytest.mark.parametrize("stored", EVENTS)
def test_an_event_says_what_is_stored_whatever_that_is(stored: StoredEvent) -> None:
    event, told = stored.event, json.loads(event_json(stored))
    box, course = event.box, event.course
    expected = {
        "id": str(event.id),
        "version": event.version,
        "camera": {"id": event.camera, "name": ODD_NAME},
        "department": {"id": 3, "name": ODD_NAME},
        "rule": {"id": event.rule, "name": event.rule_name},
        "kind": event.kind.value,
        "alarm": dict(zip(("method", "type"), event.kind.alarm_code, strict=True)),
        "label": event.label,
        "severity": event.severity.value,
        "zone": None if event.zone is None else {"id": event.zone, "name": ODD_NAME},
        "line": None if event.line is None else {"id": event.line, "name": ""},
        "direction": event.direction and event.direction.value,
        "track": event.track,
        "score": event.score,
        "box": box and [box.left, box.top, box.right, box.bottom],
        "count": event.count,
        "course": course
        and {
            "path": [{"at": rfc3339(one.at), "x": one.foot.x, "y": one.foot.y} for one in course.path],
            "speed": course.speed,
            "heading_deg": course.heading_deg,
            "mean_score": course.mean_score,
        },
        "started_at": rfc3339(event.started_at),
        "last_seen_at": rfc3339(event.last_seen_at),
        "ended_at": event.ended_at and rfc3339(event.ended_at),
        "end_reason": event.end_reason and event.end_reason.value,
    }
    assert {name: told[name] for name in expected} == expected
    assert list(told) == [*expected, "media", "held"]


def test_an_event_says_what_is_stored() -> None:
    stored = a_stored(course=COURSE, zone=ZoneId(8), direction=Direction.LEFT_TO_RIGHT, count=4)
    event, shown = stored.event, EventView.model_validate_json(event_json(stored))
    for same in ("id", "version", "kind", "label", "severity", "direction", "track", "score", "count", "started_at"):
        assert getattr(shown, same) == getattr(event, same)
    for same in ("last_seen_at", "ended_at", "end_reason"):
        assert getattr(shown, same) == getattr(event, same)
    assert (shown.alarm.method, shown.alarm.type) == event.kind.alarm_code
    assert event.box is not None
    assert shown.box == (event.box.left, event.box.top, event.box.right, event.box.bottom)
    assert (shown.camera.id, shown.camera.name) == (CameraId(event.camera), ODD_NAME)
    assert (shown.department.id, shown.department.name) == (3, ODD_NAME)
    assert (shown.rule.id, shown.rule.name) == (event.rule, event.rule_name)
    assert shown.zone is not None
    assert (shown.zone.id, shown.zone.name) == (8, ODD_NAME)
    assert shown.course is not None
    assert [(point.at, point.x, point.y) for point in shown.course.path] == [(START, 0.2, 0.8), (after(1.5), 1, 0)]
    assert (shown.course.speed, shown.course.heading_deg, shown.course.mean_score) == (0.0, None, 0.7131)


@pytest.mark.parametrize("cursor", [None, "123"])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_page_is_written_as_its_model_writes_it(number: int, cursor: str | None) -> None:
    found = bytes(written_listing([event_json(a_stored()) for _ in range(number)], next=cursor).body)
    page = Listing[EventView].model_validate_json(found)
    assert (len(page.items), page.next) == (number, cursor)
    assert page.model_dump_json().encode() == found


@pytest.mark.parametrize("searched_to", [None, "2026-05-01T08:00:00.000Z"])
def test_a_page_of_a_search_is_written_as_its_model_writes_it(searched_to: str | None) -> None:
    found = bytes(written_listing([event_json(a_stored())], next="5", searched_to=searched_to).body)
    assert EventListing.model_validate_json(found).model_dump_json().encode() == found
