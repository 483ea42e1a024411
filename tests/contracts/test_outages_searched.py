"""An outage is found by how long it was for who sees it: how long cameras out of reach were away does not show."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.event import EndReason, Event
from core.ids import CameraId, EventId, next_millisecond
from core.rule import RuleKind
from events.index.event_filter import EventFilter, Order
from events.index.search import search
from events.tallies.facets import facets
from registry import cameras, streams
from registry.db import Database
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import START, after, an_event
from tests.support.happenings import write

TOWN = range(3)
"""Uplinks: of each a camera that was back after 9 seconds, and another one that was away for an hour and more."""

SAME_DAY = after(50_000)


@pytest.fixture(scope="module")
def outages(shared_database: Database) -> tuple[Reach, list[EventId]]:
    """Who sees the cameras that were back soon, and one without an uplink that was away for long the day after; and all
    outages."""
    seen: list[CameraId] = []
    begun: list[Event] = []
    with shared_database.write() as connection:
        for uplink in TOWN:
            for channel in range(2):
                number = cameras.add(connection, name=f"bridge {uplink}-{channel}").id
                streams.add(connection, number, url=f"rtsp://10.0.0.{uplink + 9}:554/channel/{channel}")
                begun.append(_a_loss(number, uplink * 1_000 + channel))
            seen.append(begun[-2].camera)
        alone = cameras.add(connection, name="hill").id
    written = write(shared_database, begun)
    for n, one in enumerate(begun):
        lasted = timedelta(seconds=9 if one.camera in seen else 4_000)
        away_still = one.camera not in seen and n == 1
        later = replace(one, version=2, last_seen_at=one.started_at + lasted)
        over = replace(later, ended_at=later.last_seen_at, end_reason=EndReason.OVER)
        write(shared_database, [later if away_still else over])
    long = replace(_a_loss(alone, 90_000), last_seen_at=after(95_000))
    write(shared_database, [replace(long, ended_at=long.last_seen_at, end_reason=EndReason.OVER)])
    return Reach(spans=[CameraSpan(number) for number in (*seen, alone)]), sorted(set(written))


def _a_loss(camera: CameraId, second: float) -> Event:
    one = an_event(1, camera=camera, at=after(second), lasted_s=0, label="stream")
    return replace(one, kind=RuleKind.STREAM_LOST, track=None, score=None, box=None)


def found(database: Database, asked: EventFilter, reach: Reach, order: Order = Order.OLDEST) -> list[EventId]:
    ids: list[EventId] = []
    with database.read() as connection:
        cursor = None
        while True:
            page = search(connection, asked, reach=reach, order=order, cursor=cursor, limit=2)
            ids += [one.event.id for one in page.items]
            if page.next is None:
                break
            cursor = page.next
        assert facets(connection, asked, reach).total == len(ids)
    return ids


@pytest.mark.parametrize("longest_s", [9, 20])
@pytest.mark.parametrize("order", list(Order))
def test_one_that_was_short_in_reach_is_found_as_a_short_one(
    shared_database: Database, outages: tuple[Reach, list[EventId]], longest_s: float, order: Order
) -> None:
    reach, all_of_them = outages
    short = EventFilter(max_duration=timedelta(seconds=longest_s))
    assert found(shared_database, short, reach, order) == all_of_them[:: 1 if order is Order.OLDEST else -1]
    assert found(shared_database, short, EVERYTHING, order) == []


@pytest.mark.parametrize("shortest_s", [10, 60, 3_900])
def test_one_that_was_long_out_of_reach_is_not_found_as_a_long_one(
    shared_database: Database, outages: tuple[Reach, list[EventId]], shortest_s: float
) -> None:
    reach, all_of_them = outages
    long = EventFilter(to_at=SAME_DAY, min_duration=timedelta(seconds=shortest_s))
    assert found(shared_database, long, reach) == []
    assert found(shared_database, long, EVERYTHING) == all_of_them


def test_one_that_went_on_out_of_reach_is_not_found_as_going_on(
    shared_database: Database, outages: tuple[Reach, list[EventId]]
) -> None:
    reach, all_of_them = outages
    for moment, going_on, of_all in ((5, 1, 1), (30, 0, 1), (2_005, 1, 3), (9_000, 0, 1)):
        asked = EventFilter(from_at=START + timedelta(seconds=moment), to_at=after(moment + 0.5), overlap=True)
        assert len(found(shared_database, asked, reach)) == going_on, moment
        assert len(found(shared_database, asked, EVERYTHING)) == of_all, moment
    later = EventFilter(from_at=after(500), to_at=SAME_DAY, overlap=True)
    assert found(shared_database, later, reach) == all_of_them[1:]


def test_a_lost_stream_that_is_no_outage_is_found_as_it_is(
    shared_database: Database, outages: tuple[Reach, list[EventId]]
) -> None:
    reach, _ = outages
    for longest_s, number in ((4_999, 0), (5_000, 1)):
        asked = EventFilter(from_at=SAME_DAY, max_duration=timedelta(seconds=longest_s))
        assert len(found(shared_database, asked, reach)) == number


def test_one_of_which_all_is_in_reach_is_found_as_it_is(
    shared_database: Database, outages: tuple[Reach, list[EventId]]
) -> None:
    _, all_of_them = outages
    with shared_database.read() as connection:
        owner = search(connection, EventFilter(), limit=1).items[0].department
    own = Reach(departments={owner: EventId(0)})
    assert (
        found(shared_database, EventFilter(to_at=SAME_DAY, min_duration=timedelta(seconds=3_900)), own) == all_of_them
    )
    assert found(shared_database, EventFilter(max_duration=timedelta(seconds=3_900)), own) == []


def test_one_whose_own_id_was_taken_is_found_as_its_own_camera_was_lost(database: Database) -> None:
    with database.write() as connection:
        numbers = [cameras.add(connection, name=f"pier {channel}").id for channel in range(2)]
        for channel, number in enumerate(numbers):
            streams.add(connection, number, url=f"rtsp://10.0.0.9:554/channel/{channel}")
    seen, other = numbers
    taken = an_event(9, camera=seen, at=after(30))
    later = replace(_a_loss(other, 20), last_seen_at=after(4_000))
    own = replace(_a_loss(seen, 30), last_seen_at=after(39))
    [_, at, joined] = write(database, [taken, own, later])
    assert at == joined == next_millisecond(own.id), "the other one was lost before, and joined later"
    reach = Reach(spans=[CameraSpan(seen, at)])
    for shortest_s, count in ((8, 1), (10, 0)):
        asked = EventFilter(min_duration=timedelta(seconds=shortest_s))
        assert found(database, asked, reach) == [at] * count, shortest_s
