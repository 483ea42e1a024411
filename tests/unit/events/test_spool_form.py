"""An event comes out of the spool as it went in, also where another version of the program wrote it."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.box import Box, Point
from core.course import MOST_POINTS, Course, PathPoint
from core.event import EndReason, Event, Origin
from core.ids import LAST_CAMERA, CameraId, EventId, event_id
from core.line import Direction, LineId
from core.rule import RuleId, RuleKind, Severity
from core.zone import ZoneId
from events.spool_form import event_of, event_text
from tests.support.builders import an_event

numbers = st.integers(1, 2**31 - 1)
shares = st.floats(-0.5, 1.5, allow_nan=False)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - has its zone
points = st.builds(PathPoint, at=instants, foot=st.builds(Point, shares, shares))
courses = st.builds(
    Course,
    path=st.lists(points, min_size=1, max_size=MOST_POINTS).map(tuple),
    speed=st.floats(0, 10),
    heading_deg=st.none() | st.floats(0, 360),
    mean_score=st.floats(0, 1),
)
boxes = st.tuples(shares, shares, shares, shares).map(
    lambda sides: Box(
        min(sides[0], sides[1]), min(sides[2], sides[3]), max(sides[0], sides[1]), max(sides[2], sides[3])
    )
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    started_at = draw(instants)
    ended_after = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=9)))
    return Event(
        id=draw(st.sampled_from([event_id(started_at, CameraId(7)), EventId(LAST_CAMERA), EventId(2**63 - 1)])),
        origin=Origin(draw(numbers), draw(st.integers(0, 2**62))),
        version=draw(numbers),
        rule=RuleId(draw(numbers)),
        rule_name=draw(st.text()),
        kind=draw(st.sampled_from(RuleKind)),
        label=draw(st.text()),
        severity=draw(st.sampled_from(Severity)),
        zone=draw(st.none() | numbers.map(ZoneId)),
        track=draw(st.none() | numbers),
        score=draw(st.none() | st.floats(0, 1)),
        box=draw(st.none() | boxes),
        started_at=started_at,
        last_seen_at=draw(instants),
        ended_at=None if ended_after is None else started_at + ended_after,
        end_reason=None if ended_after is None else draw(st.sampled_from(EndReason)),
        line=draw(st.none() | numbers.map(LineId)),
        direction=draw(st.none() | st.sampled_from(Direction)),
        count=draw(st.none() | st.integers(0, 10_000)),
        course=draw(st.none() | courses),
    )


@given(events())
def test_every_event_comes_back_to_the_last_digit(event: Event) -> None:
    assert event_of(event_text(event)) == event


def test_numbers_of_a_network_are_written_as_numbers() -> None:
    event = an_event(score=np.float32(0.5))  # type: ignore[arg-type]  # as it may come out of a network
    assert event_of(event_text(event)).score == 0.5


def test_what_an_older_program_did_not_write_is_not_missed() -> None:
    fields = json.loads(event_text(an_event()))
    for optional in ("zone", "line", "direction", "count", "course"):
        assert optional not in fields
    assert event_of(json.dumps(fields | {"of_a_newer_program": 1})) == an_event()


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"id": "x"}', event_text(an_event()).replace("object", "x")])
def test_anything_else_is_no_event(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        event_of(text)
