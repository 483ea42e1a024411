"""Facets are what plain counting of what somebody sees comes to, whichever way they were counted."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from events.index.event_filter import EventFilter
from events.index.stored import StoredEvent
from events.tallies.facet import MOST_CAMERAS, Facet, Facets
from events.tallies.facets import facets
from registry.db import Database
from registry.reach import Reach
from tests.support.counted_town import Town, a_filter, a_reach, a_town, fits

OF = ("labels", "kinds", "severities", "departments", "cameras")
VALUE: dict[str, Callable[[StoredEvent], Any]] = {
    "labels": lambda one: one.event.label,
    "kinds": lambda one: one.event.kind,
    "severities": lambda one: one.event.severity,
    "departments": lambda one: one.department,
    "cameras": lambda one: one.event.camera,
}


@pytest.fixture(scope="module")
def town(shared_database: Database) -> Town:
    return a_town(shared_database)


def expected(town: Town, asked: EventFilter, reach: Reach, what: str) -> Counter[Any]:
    """Without its own condition."""
    nothing: Mapping[str, Any] = {what: frozenset()}
    free = replace(asked, **nothing)
    return Counter(VALUE[what](one) for one in town.events if fits(town, one, free, reach))


def check(found: Facets, town: Town, asked: EventFilter, reach: Reach) -> None:
    assert found.total == sum(fits(town, one, asked, reach) for one in town.events)
    assert not found.at_least
    assert found.counted_to is None
    for what in OF:
        facet: Facet | None = getattr(found, what)
        if facet is None:
            assert what == "cameras"
            continue
        assert not facet.at_least
        assert {one.value: one.count for one in facet.counts} == expected(town, asked, reach, what), what
        counts: Sequence[int] = [one.count for one in facet.counts]
        assert counts == sorted(counts, reverse=True)
        assert what != "cameras" or len(counts) <= MOST_CAMERAS


def test_facets_of_any_filter_and_reach_are_what_plain_counting_comes_to(shared_database: Database, town: Town) -> None:
    random = Random(1)
    ways = Counter[str]()
    for _ in range(120):
        asked, reach = a_filter(random, town), a_reach(random, town)
        with shared_database.read() as connection:
            found = facets(connection, asked, reach)
        check(found, town, asked, reach)
        ways["by department" if found.cameras is None else "otherwise"] += 1
    assert ways["by department"] > 20
    assert ways["otherwise"] > 20
