"""The index keeps what only some events have: a line, a direction, a count, a course; and copes with what some lack."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.box import Point
from core.course import Course, PathPoint
from core.event import EndReason, Event
from core.ids import CameraId, EventId, next_millisecond
from core.line import Direction, LineId
from core.rule import RuleKind
from events.index.event_filter import EventFilter
from events.index.interruptions import interrupt
from events.index.search import get, search
from events.index.stored import StoredEvent
from events.index.tables import event_detail
from registry import lines
from registry.db import Database
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras, write

COURSE = Course(
    path=(PathPoint(START, Point(0.2, 0.8)), PathPoint(after(1.5), Point(0.6, 0.8125))),
    speed=0.2667,
    heading_deg=91.8,
    mean_score=0.7131,
)


@pytest.fixture
def camera(database: Database) -> CameraId:
    with database.write() as connection:
        return add_cameras(connection, 1)[0]


def crossed(camera: CameraId, line: LineId | None, n: int = 1, *, seconds: float = 0, **fields: object) -> Event:
    event = an_event(n, camera=camera, at=after(seconds), end_reason=EndReason.OVER)
    said = {"kind": RuleKind.LINE_CROSSED, "line": line, "direction": Direction.RIGHT_TO_LEFT, "course": COURSE}
    return replace(event, **{**said, **fields})  # type: ignore[arg-type]  # any of its fields


def of_stream(camera: CameraId, n: int = 1, *, seconds: float = 0) -> Event:
    event = an_event(n, camera=camera, at=after(seconds), label="stream")
    return replace(event, kind=RuleKind.STREAM_LOST, track=None, score=None, box=None)


def read(database: Database, event: EventId) -> StoredEvent:
    with database.read() as connection:
        return get(connection, event)


def found(database: Database, asked: EventFilter) -> list[EventId]:
    with database.read() as connection:
        return [item.event.id for item in search(connection, asked).items]


def details(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(event_detail)) or 0


def test_a_crossing_comes_back_with_line_direction_and_course(database: Database, camera: CameraId) -> None:
    with database.write() as connection:
        line = lines.add(connection, camera, name="stop line", start=Point(0, 0.5), end=Point(1, 0.5))
    event = crossed(camera, line.id)
    write(database, [event])
    assert read(database, event.id).event == event
    assert read(database, event.id).line_name == "stop line"
    with database.write() as connection:
        lines.remove(connection, line.id, after(60))
    assert read(database, event.id).line_name == "stop line"


@pytest.mark.parametrize("direction", [None, *Direction])
@pytest.mark.parametrize("count", [None, 12])
def test_each_of_them_may_be_there_alone(
    database: Database, camera: CameraId, direction: Direction | None, count: int | None
) -> None:
    event = crossed(camera, None, direction=direction, count=count, course=None, kind=RuleKind.FLOW)
    write(database, [event])
    assert read(database, event.id).event == event


def test_an_event_of_no_object_has_neither_track_nor_score_nor_box(database: Database, camera: CameraId) -> None:
    event = of_stream(camera)
    write(database, [event])
    assert read(database, event.id).event == event


def test_an_event_without_any_of_it_takes_no_second_row(database: Database, camera: CameraId) -> None:
    write(database, [an_event(camera=camera), crossed(camera, None, 2, seconds=5)])
    assert details(database) == 1


def test_a_newer_version_replaces_it_and_an_older_one_does_not(database: Database, camera: CameraId) -> None:
    event = crossed(camera, None, version=2, count=3)
    longer = replace(COURSE, path=(*COURSE.path, PathPoint(after(9), Point(0.9, 0.9))))
    newest = replace(event, version=4, count=7, course=longer)
    write(database, [event])
    write(database, [replace(event, version=3, count=5), newest])
    write(database, [replace(event, version=1, count=1, course=None)])
    assert read(database, event.id).event == newest
    assert details(database) == 1


def test_what_a_newer_version_lacks_is_forgotten(database: Database, camera: CameraId) -> None:
    event = crossed(camera, None)
    bare = replace(event, version=2, direction=None, course=None)
    write(database, [event])
    write(database, [bare])
    assert read(database, event.id).event == bare
    assert details(database) == 0


def test_a_moved_event_keeps_the_times_of_its_course(database: Database, camera: CameraId) -> None:
    first, second = crossed(camera, None, 1), crossed(camera, None, 2)
    moved = write(database, [first, second])[1]
    assert moved == next_millisecond(first.id)
    assert read(database, moved).event.course == COURSE


def test_closing_an_interrupted_event_leaves_it_as_it_is(database: Database, camera: CameraId) -> None:
    event = replace(crossed(camera, None, count=2), ended_at=None, end_reason=None)
    write(database, [event])
    with database.write() as connection:
        interrupt(connection, {camera: 2})
    closed = read(database, event.id).event
    assert (closed.end_reason, closed.course, closed.count) == (EndReason.INTERRUPTED, COURSE, 2)


def test_a_least_score_leaves_out_what_has_none_and_zero_does_not(database: Database, camera: CameraId) -> None:
    lost, seen = of_stream(camera, 1), an_event(2, camera=camera, at=after(1), score=0.5)
    write(database, [lost, seen])
    assert found(database, EventFilter(min_score=0.001)) == [seen.id]
    assert found(database, EventFilter(min_score=0.0)) == [seen.id, lost.id]
    assert found(database, EventFilter()) == [seen.id, lost.id]


def test_crossings_are_found_by_their_line(database: Database) -> None:
    with database.write() as connection:
        ours, theirs = add_cameras(connection, 2)
        start, end = Point(0, 0.5), Point(1, 0.5)
        first, second = (lines.add(connection, ours, name=name, start=start, end=end).id for name in ("a", "b"))
        third = lines.add(connection, theirs, name="a", start=start, end=end).id
    events = [
        crossed(ours, first, 1),
        crossed(ours, second, 2, seconds=1),
        an_event(3, camera=ours, at=after(2)),
        crossed(theirs, third, 1, seconds=3),
    ]
    ids = write(database, events)
    assert found(database, EventFilter(lines=frozenset({first}))) == [ids[0]]
    assert found(database, EventFilter(lines=frozenset({first, third}))) == [ids[3], ids[0]]
    assert found(database, EventFilter(lines=frozenset({third}), cameras=frozenset({ours}))) == []
    assert found(database, EventFilter(lines=frozenset({LineId(99)}))) == []
