"""Where too many rows of the tallies would have to be added up, events are counted instead: nobody waits long."""

from dataclasses import replace
from datetime import UTC, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.hours import ALL_DAYS, Hours
from core.ids import EventId
from events.index.event_filter import EventFilter
from events.tallies.facets import facets
from events.tallies.histogram import Bucket, histogram
from registry import departments
from registry.db import Database
from registry.reach import EVERYTHING, Reach
from tests.support.builders import START, an_event
from tests.support.happenings import add_cameras, write

YEARS = timedelta(days=365 * 30)
BY_DAY = EventFilter(hours=Hours(ALL_DAYS, time(8), time(20), "UTC"))
"""Each of its hours in thirty years is a row."""


@pytest.fixture(scope="module")
def owners(shared_database: Database) -> Reach:
    """All departments. There are two events, thirty years apart: a clock was wrong."""
    with shared_database.write() as connection:
        numbers = [departments.add(connection, name=f"department {n}").id for n in range(4)]
        [camera] = add_cameras(connection, 1, department=numbers[0])
    write(shared_database, [an_event(n, camera=camera, at=START + n * YEARS) for n in range(2)])
    return Reach(departments=dict.fromkeys(numbers, EventId(0)))


def test_facets_of_hours_in_many_years_are_of_the_newest(shared_database: Database, owners: Reach) -> None:
    with shared_database.read() as connection:
        found = facets(connection, BY_DAY, EVERYTHING)
    assert found.cameras is not None  # which tallies do not know
    assert (found.total, found.at_least) == (2, False)


def test_a_histogram_of_hours_in_many_years_is_of_the_newest(shared_database: Database, owners: Reach) -> None:
    long = replace(BY_DAY, from_at=START, to_at=START + YEARS + timedelta(days=31))
    asked: list[int] = []
    with shared_database.read() as connection:

        def note(*executed: Any) -> None:
            asked.append(len(str(executed[3])))

        event.listen(connection, "before_cursor_execute", note)
        found = histogram(connection, long, owners, Bucket.MONTH, UTC)
    assert sum(count for _, _, count in found.buckets) == 2
    assert max(asked) < 100_000  # no list of a hundred thousand hours was asked for
