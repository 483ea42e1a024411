"""What was going on at a moment: found beside what started after it, whatever way is gone."""

from datetime import timedelta

import pytest

from core.event import EndReason
from core.ids import EventId
from events.index.choice import ways_to_earlier
from events.index.densities import densities
from events.index.event_filter import EventFilter, Order
from events.index.filters import resolve
from events.index.search import search
from events.index.seek import Asked
from events.index.sieve import Sieve
from events.index.stretch import Stretch
from registry.db import Database
from registry.reach import EVERYTHING
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras, write

HOUR = 3_600.0
AT = after(0)
CASES = {
    "started then": (0, 1, True),
    "ended then": (-60, 60, False),
    "ended a moment later": (-60, 60.001, True),
    "went on for an hour": (-HOUR, HOUR, False),
    "went on for more than an hour": (-HOUR - 1, HOUR + 1.001, True),
    "went on for a day, and ended before": (-30 * HOUR, 24 * HOUR, False),
    "went on for a week": (-100 * HOUR, 168 * HOUR, True),
    "has not ended": (-1_000 * HOUR, None, True),
}
"""When it started, how long it lasted, in seconds, and whether it was going on."""


@pytest.fixture(scope="module")
def going_on(shared_database: Database) -> list[EventId]:
    """The events that were going on then, or started, in the order of their ids."""
    with shared_database.write() as connection:
        [camera] = add_cameras(connection, 1)
    events = [
        an_event(n, camera=camera, at=after(at), lasted_s=lasted or 5, end_reason=EndReason.LEFT if lasted else None)
        for n, (at, lasted, _) in enumerate(CASES.values())
    ]
    ids = write(shared_database, events)
    return sorted(number for number, (_, _, fits) in zip(ids, CASES.values(), strict=True) if fits)


@pytest.mark.parametrize("order", list(Order))
def test_it_is_found_in_order(shared_database: Database, going_on: list[EventId], order: Order) -> None:
    asked = EventFilter(from_at=AT, overlap=True)
    with shared_database.read() as connection:
        first = search(connection, asked, order=order, limit=2)
        rest = search(connection, asked, order=order, cursor=first.next)
    found = [one.event.id for one in (*first.items, *rest.items)]
    assert found == (going_on if order is Order.OLDEST else going_on[::-1])


def test_the_sieve_lets_it_through(shared_database: Database, going_on: list[EventId]) -> None:
    with shared_database.read() as connection:
        sieve = Sieve.of(connection, EventFilter(from_at=AT, overlap=True), now=START)
        stored = search(connection, EventFilter()).items
    assert sorted(one.event.id for one in stored if sieve.fits(one)) == going_on


@pytest.mark.parametrize("order", list(Order))
def test_each_way_finds_what_had_begun_long_before(
    shared_database: Database, going_on: list[EventId], order: Order
) -> None:
    with shared_database.read() as connection:
        wanted = resolve(connection, EventFilter(from_at=AT - timedelta(seconds=1), overlap=True))
        assert wanted is not None
        assert wanted.earlier is not None
        highest = EventId(wanted.earlier.recent - 1)
        about = connection, wanted, EVERYTHING, densities(connection)
        began = [number for number in going_on if number <= highest]
        assert len(began) == 2
        ways = ways_to_earlier(*about, wanted.earlier.going_on, highest)
        assert len(ways) == 2
        for way in ways:
            step = way.step(connection, Asked(Stretch(EventId(0), highest), 50, order, with_departments=False))
            assert step.ids.tolist() == (began if order is Order.OLDEST else began[::-1])
