"""What lasted for long is found by its own index, and by nobody who may not see it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from core.ids import LAST_EVENT, CameraId, EventId
from events.index.choice import ways_of
from events.index.densities import densities
from events.index.event_filter import EventFilter, Order
from events.index.filters import resolve
from events.index.seek import Asked
from events.index.stretch import Stretch
from events.index.ways import LongOnes
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, put_events

LONG = EventFilter(min_duration=timedelta(hours=2))
LONG_AND_SURE = EventFilter(min_duration=timedelta(hours=2), min_score=0.1)
"""The score is not in the index: those events are looked up."""


@pytest.fixture
def there(connection: Connection) -> tuple[CameraId, CameraId, list[EventId]]:
    """Two cameras, and the ids of an event of three hours on each, and of a second one on the first camera."""
    seen, hidden = add_cameras(connection, 2)
    events = [
        an_event(number, camera=camera, at=after(at), lasted_s=3 * 3_600, score=0.9 / number)
        for number, (camera, at) in enumerate([(seen, 0), (hidden, 10), (seen, 20)], start=1)
    ]
    put_events(connection, events)
    return seen, hidden, [one.id for one in events]


def found(connection: Connection, asked: EventFilter, reach: Reach) -> list[int]:
    wanted = resolve(connection, asked)
    assert wanted is not None
    [way] = [one for one in ways_of(connection, wanted, reach, densities(connection)) if isinstance(one, LongOnes)]
    assert way.is_within
    everything = Asked(Stretch(EventId(0), LAST_EVENT), 100, Order.OLDEST, with_departments=False)
    return list(way.step(connection, everything).ids.tolist())


def test_what_the_index_does_not_say_is_looked_up(
    connection: Connection, there: tuple[CameraId, CameraId, list[EventId]]
) -> None:
    _, _, [first, second, _] = there
    assert found(connection, replace(LONG, min_score=0.4), EVERYTHING) == [first, second]


@pytest.mark.parametrize("asked", [LONG, LONG_AND_SURE], ids=["at hand", "looked up"])
def test_of_single_cameras_only_what_lies_in_their_spans_is_found(
    connection: Connection, there: tuple[CameraId, CameraId, list[EventId]], asked: EventFilter
) -> None:
    seen, _, [first, second, third] = there
    assert found(connection, asked, EVERYTHING) == [first, second, third]
    assert found(connection, asked, Reach(spans=[CameraSpan(seen)])) == [first, third]
    assert found(connection, asked, Reach(spans=[CameraSpan(seen, highest=first)])) == [first]


def test_of_cameras_that_are_asked_for_only_theirs_is_found(
    connection: Connection, there: tuple[CameraId, CameraId, list[EventId]]
) -> None:
    _, hidden, [_, second, _] = there
    assert found(connection, replace(LONG, cameras=frozenset({hidden})), EVERYTHING) == [second]
