"""Where a search stops on its way it says so, and goes on from there, in either order."""

import pytest

from core.ids import EventId, event_time
from core.rule import Severity
from events.index.event_filter import EventFilter, Order
from events.index.found import Fitting
from events.index.search import fitting, search
from events.index.walking import MOST_WALKED
from registry.db import Database
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, put_events

BUSY = MOST_WALKED + 4_500


@pytest.fixture(scope="module")
def ends(shared_database: Database) -> tuple[EventId, EventId]:
    """The first and the last event of a busy camera among another one's: the only ones with a good score."""
    with shared_database.write() as connection:
        mine, hidden = add_cameras(connection, 2)
        rare = [an_event(n, camera=mine, at=after(at), score=0.99) for n, at in enumerate((0, BUSY / 100))]
        dull = [an_event(n, camera=hidden, at=after(n / 100), score=0.3) for n in range(1, BUSY)]
        first, last, *_ = put_events(connection, [*rare, *dull])
    return first, last


@pytest.mark.parametrize("order", list(Order))
def test_a_search_for_the_rare_says_how_far_it_looked(
    shared_database: Database, ends: tuple[EventId, EventId], order: Order
) -> None:
    near, far = ends if order is Order.OLDEST else ends[::-1]
    rare = EventFilter(min_score=0.9)
    with shared_database.read() as connection:
        begun = search(connection, rare, order=order)
        assert begun.next is not None
        assert [one.event.id for one in begun.items] == [near]
        rest = search(connection, rare, order=order, cursor=begun.next)
    assert begun.searched_to is not None
    assert event_time(ends[0]) < begun.searched_to < event_time(ends[1])
    assert ([one.event.id for one in rest.items], rest.next, rest.searched_to) == ([far], None, None)


@pytest.mark.parametrize("order", list(Order))
def test_where_it_stopped_names_no_event(
    shared_database: Database, ends: tuple[EventId, EventId], order: Order
) -> None:
    with shared_database.read() as connection:
        begun = search(connection, EventFilter(min_score=0.9), order=order)
    assert begun.next is not None
    beyond = begun.next if order is Order.NEWEST else begun.next + 1
    assert beyond % (1 << 22) == 0
    assert begun.searched_to == event_time(EventId(beyond))


def test_a_page_that_is_full_says_nothing_of_how_far_it_looked(
    shared_database: Database, ends: tuple[EventId, EventId]
) -> None:
    with shared_database.read() as connection:
        page = search(connection, EventFilter(severities=frozenset({Severity.LOW})), limit=2)
    assert page.next is not None
    assert page.searched_to is None


def test_ten_thousand_ids_are_found_at_once(shared_database: Database, ends: tuple[EventId, EventId]) -> None:
    with shared_database.read() as connection:
        some = fitting(connection, EventFilter(labels=frozenset({"person"})), reach=EVERYTHING, limit=10_000)
        all_of_them = fitting(connection, EventFilter(), reach=EVERYTHING, limit=BUSY + 1)
    assert (some.ids.size, some.is_all, some.down_to) == (10_000, False, some.ids[-1])
    assert (all_of_them.ids.size, all_of_them.is_all, all_of_them.down_to) == (BUSY + 1, True, None)


def test_what_is_hidden_is_walked_past_unseen(shared_database: Database, ends: tuple[EventId, EventId]) -> None:
    with shared_database.read() as connection:
        camera = search(connection, EventFilter(), limit=1).items[0].event.camera
        found: Fitting = fitting(connection, EventFilter(), reach=Reach(spans=[CameraSpan(camera)]), limit=50)
    assert found.ids.tolist() == [ends[1], ends[0]]
    assert found.is_all
