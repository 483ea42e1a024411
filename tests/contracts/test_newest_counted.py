"""Where no tally knows, the newest 10,000 events are counted, and said to be so many at least."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import insert, select

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, CameraId, EventId, first_event_id
from events.index.event_filter import EventFilter
from events.index.tables import event, event_kind, label
from events.tallies.buckets import Bucket
from events.tallies.facets import facets
from events.tallies.histogram import histogram
from events.tallies.newest import MOST_COUNTED
from registry.db import Database
from registry.many_rows import put_rows
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import START, after
from tests.support.counted_town import LABELS
from tests.support.happenings import add_cameras

MANY = MOST_COUNTED + 1_500
SINCE = EventId(first_event_id(after(MANY / 2)))


@pytest.fixture(scope="module")
def cameras(shared_database: Database) -> list[CameraId]:
    """Two, which in turn see something each second; every tenth time it is a dog."""
    with shared_database.write() as connection:
        numbers = add_cameras(connection, 2)
        connection.execute(insert(label), [{"name": name} for name in LABELS])
        connection.execute(insert(event_kind), [{"name": "intrusion"}])
        dog = connection.scalar(select(label.c.id).where(label.c.name == "dog"))
        person = connection.scalar(select(label.c.id).where(label.c.name == "person"))
        first = int(first_event_id(START))
        rows = [
            (first + (n * 1_000 << CAMERA_BITS) | numbers[n % 2], n, numbers[n % 2], dog if n % 10 == 0 else person)
            for n in range(MANY)
        ]
        same = {"department": 1, "kind": 1, "severity": 4, "score": 5_000, "version": 1, "epoch": 1, "rule": 1}
        same |= {"rule_name": 1, "last_seen_at": 0}
        columns = ("id", "n", "camera", "label", *same)
        put_rows(connection, event, columns, [(*row, *same.values()) for row in rows])
    return numbers


def test_the_newest_ten_thousand_are_counted_where_no_tally_knows(
    shared_database: Database, cameras: list[CameraId]
) -> None:
    with shared_database.read() as connection:
        found = facets(connection, EventFilter(min_score=0.5), EVERYTHING)
    assert (found.total, found.at_least) == (MOST_COUNTED, True)
    assert found.counted_to == after(MANY - MOST_COUNTED)
    for facet in (found.labels, found.kinds, found.severities, found.departments, found.cameras):
        assert facet is not None
        assert facet.at_least
        assert sum(one.count for one in facet.counts) == MOST_COUNTED


def test_a_tally_counts_all_of_them(shared_database: Database, cameras: list[CameraId]) -> None:
    with shared_database.read() as connection:
        found = facets(connection, EventFilter(from_at=after(30)), EVERYTHING)
    assert (found.total, found.at_least) == (MANY - 30, False)


def test_a_department_since_a_moment_is_counted_from_then_on(
    shared_database: Database, cameras: list[CameraId]
) -> None:
    reach = Reach(departments={DepartmentId(1): SINCE})
    with shared_database.read() as connection:
        found = facets(connection, EventFilter(), reach)
        over_time = histogram(
            connection, EventFilter(from_at=START, to_at=START + timedelta(hours=5)), reach, Bucket.HOUR, UTC
        )
    assert (found.total, found.at_least) == (MANY // 2, False)
    assert sum(count for _, _, count in over_time.buckets) == MANY // 2


def test_a_camera_is_counted_exactly_for_as_long_as_it_is_within_reach(
    shared_database: Database, cameras: list[CameraId]
) -> None:
    reach = Reach(spans=[CameraSpan(cameras[0], SINCE)])
    with shared_database.read() as connection:
        found = facets(connection, EventFilter(), reach)
    assert (found.total, found.at_least) == (MANY // 4, False)
    assert found.cameras is not None
    assert [(one.value, one.count) for one in found.cameras.counts] == [(cameras[0], MANY // 4)]


def test_a_histogram_of_the_newest_says_down_to_when(shared_database: Database, cameras: list[CameraId]) -> None:
    asked = EventFilter(from_at=START, to_at=after(MANY), min_score=0.5)
    with shared_database.read() as connection:
        found = histogram(connection, asked, EVERYTHING, Bucket.HOUR, UTC)
    assert (found.at_least, found.counted_to) == (True, after(MANY - MOST_COUNTED))
    assert sum(count for _, _, count in found.buckets) == MOST_COUNTED
    assert found.buckets[-1][2] == MANY % 3_600
