"""Chance filters on a chance city: search, every way to the events, and the sieve find what plain Python finds."""

import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from sqlalchemy import Connection

from core.ids import LAST_EVENT, EventId
from events.index.choice import ways_of
from events.index.densities import densities
from events.index.event_filter import EventFilter, Order
from events.index.filters import resolve
from events.index.search import fitting, search
from events.index.seek import Asked
from events.index.sieve import Sieve
from events.index.sifter import Sifter
from events.index.stretch import Stretch
from events.index.ways import Way
from registry.catalogue.known_whereabouts import known_whereabouts
from registry.db import Database
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import START
from tests.support.event_city import EventCity, a_filter, an_event_city
from tests.support.event_oracle import fits

TRIES = 60


@pytest.fixture(scope="module")
def there(shared_database: Database) -> EventCity:
    return an_event_city(shared_database, seed=20261126)


@pytest.fixture(params=["memory", "database"])
def asking(request: pytest.FixtureRequest, shared_database: Database, there: EventCity) -> Iterator[Connection]:
    """A connection that finds cameras by their place in memory, and one that asks the database: it could write."""
    with shared_database.read() if request.param == "memory" else shared_database.write() as connection:
        assert (known_whereabouts(connection) is None) == (request.param == "database")
        yield connection


def a_reach(rng: random.Random, there: EventCity) -> Reach:
    """All, some departments and cameras, or cameras alone; some of them from an event on, or for a time."""
    ids = sorted(one.event.id for one in there.events)
    kind = rng.choice(["all", "departments", "both", "cameras"])
    if kind == "all":
        return EVERYTHING
    owners = rng.sample(there.departments, rng.randint(1, 4)) if kind != "cameras" else []
    single = rng.sample(there.cameras, rng.randint(1, 14)) if kind != "departments" else []
    spans = []
    for camera in single:
        first, last = sorted(rng.sample(ids, 2))
        spans.append(CameraSpan(camera, rng.choice([EventId(0), first]), rng.choice([LAST_EVENT, last])))
    return Reach(departments={one: rng.choice([EventId(0), ids[90]]) for one in owners}, spans=spans)


def expected(there: EventCity, asked: EventFilter, reach: Reach, order: Order) -> list[EventId]:
    found = [
        one.event.id
        for one in there.events
        if fits(there.city, one, asked)
        and reach.has_event(one.event.id, one.event.camera, one.department)
        and (not says_where(asked) or reach.has_camera(one.event.camera, there.owners[one.event.camera]))
    ]
    return found if order is Order.NEWEST else found[::-1]


def says_where(asked: EventFilter) -> bool:
    """Whether it is about what cameras are now."""
    return any(one is not None for one in (asked.q, asked.region, asked.box, asked.around, asked.polygon))


def tries(
    there: EventCity, seed: int, number: int = TRIES
) -> Iterator[tuple[random.Random, EventFilter, Reach, Order]]:
    rng = random.Random(seed)
    for _ in range(number):
        yield rng, a_filter(rng, there), a_reach(rng, there), rng.choice(list(Order))


def pages(
    connection: Connection, asked: EventFilter, reach: Reach, order: Order, limit: int
) -> Iterator[Sequence[int]]:
    cursor, seen = None, 0
    while True:
        found = fitting(connection, asked, reach=reach, limit=limit, order=order, cursor=cursor)
        assert len(found.ids) <= limit
        assert found.is_all == (found.down_to is None)
        yield found.ids.tolist()
        if found.down_to is None:
            return
        assert cursor is None or (found.down_to < cursor) == (order is Order.NEWEST)
        cursor, seen = found.down_to, seen + 1


def test_search_finds_each_event_that_fits_once_and_in_order(asking: Connection, there: EventCity) -> None:
    for rng, asked, reach, order in tries(there, seed=1):
        limit = rng.choice([7, 40, 1_000])
        found = [number for page in pages(asking, asked, reach, order, limit) for number in page]
        assert found == expected(there, asked, reach, order), (asked, reach.departments, reach.cameras, order)


def test_a_page_shows_the_events_whose_ids_fit(shared_database: Database, there: EventCity) -> None:
    with shared_database.read() as connection:
        for _, asked, reach, order in tries(there, seed=2, number=8):
            page = search(connection, asked, reach=reach, order=order, limit=20)
            ids = expected(there, asked, reach, order)
            assert [one.event.id for one in page.items] == ids[:20]
            assert page.next == (ids[19] if len(ids) > 20 else None)
            assert page.searched_to is None


def test_each_way_finds_all_by_itself(asking: Connection, there: EventCity) -> None:
    kinds = set()
    for rng, asked, reach, order in tries(there, seed=3):
        wanted = resolve(asking, asked)
        if wanted is None or wanted.earlier is not None:
            continue
        sifter = Sifter(asking, wanted, reach)
        if rng.random() < 0.5:
            sifter.look_up()
        limit, known = rng.choice([9, 150, 1_000]), densities(asking)
        for way in ways_of(asking, sifter.wanted, reach, known):
            kinds.add(type(way).__name__)
            found = along(asking, way, sifter, order, limit)
            assert found == expected(there, asked, reach, order), (asked, way, reach.departments, order)
    assert kinds == {"OneKey", "Keys", "WithinReach", "LongOnes"}


def along(connection: Connection, way: Way, sifter: Sifter, order: Order, limit: int) -> list[int]:
    left: Stretch | None = Stretch(sifter.wanted.lowest, sifter.wanted.highest)
    with_departments = sifter.needs_departments(is_within=way.is_within)
    found: list[int] = []
    while left is not None:
        step = way.step(connection, Asked(left, limit, order, with_departments))
        found += sifter.sifted(step, is_within=way.is_within).tolist()
        left = None if step.until is None else left.after(step.until, order)
    return found


def test_the_sieve_lets_through_what_search_finds(shared_database: Database, there: EventCity) -> None:
    with shared_database.read() as connection:
        for _, asked, _, _ in tries(there, seed=4):
            sieve = Sieve.of(connection, asked, now=START)
            let_through = [one.event.id for one in there.events if sieve.fits(one)]
            assert let_through == expected(there, asked, EVERYTHING, Order.NEWEST), asked


def test_some_chance_filters_find_something(there: EventCity) -> None:
    numbers = [len(expected(there, asked, reach, order)) for _, asked, reach, order in tries(there, seed=1)]
    assert np.count_nonzero(numbers) > TRIES // 3
