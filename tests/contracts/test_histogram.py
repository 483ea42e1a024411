"""Histograms are what plain counting of what somebody sees comes to, whichever way they were counted."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadInput
from core.hours import Hours
from events.index.event_filter import EventFilter
from events.tallies.buckets import MOST_BUCKETS, Bucket, best_bucket
from events.tallies.histogram import histogram
from registry.db import Database
from registry.reach import EVERYTHING, NOTHING
from tests.support.builders import START, after
from tests.support.counted_town import HOURS, Town, a_filter, a_reach, a_town, fits

ZONES = tuple(map(ZoneInfo, ("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/New_York")))
ALL = EventFilter(from_at=START, to_at=after(HOURS * 3_600))


@pytest.fixture(scope="module")
def town(shared_database: Database) -> Town:
    return a_town(shared_database)


def bounded(random: Random, asked: EventFilter, bucket: Bucket) -> EventFilter:
    """With both ends, and no more buckets than there may be."""
    from_at = asked.from_at or START - timedelta(minutes=7)
    to_at = asked.to_at or after(HOURS * 3_600 + 1)
    if bucket is Bucket.MINUTE:
        to_at = min(to_at, from_at + timedelta(minutes=random.randint(1, MOST_BUCKETS)))
    return replace(asked, from_at=from_at, to_at=max(from_at, to_at))


def test_histograms_of_any_filter_and_reach_are_what_plain_counting_comes_to(
    shared_database: Database, town: Town
) -> None:
    random = Random(2)
    for _ in range(100):
        bucket, zone = random.choice(list(Bucket)), random.choice(ZONES)
        asked, reach = bounded(random, a_filter(random, town), bucket), a_reach(random, town)
        with shared_database.read() as connection:
            found = histogram(connection, asked, reach, bucket, zone)
        assert (found.bucket, found.at_least, found.counted_to) == (bucket, False, None)
        times = [one.event.started_at for one in town.events if fits(town, one, asked, reach)]
        assert [count for _, _, count in found.buckets] == [
            sum(start <= at < end for at in times) for start, end, _ in found.buckets
        ]
        assert sum(count for _, _, count in found.buckets) == len(times)


@pytest.mark.parametrize("bucket", [Bucket.HOUR, Bucket.DAY, Bucket.WEEK])
def test_hours_of_the_night_are_counted_night_by_night(shared_database: Database, town: Town, bucket: Bucket) -> None:
    night = replace(ALL, hours=Hours(begin=time(22), end=time(6), time_zone="Asia/Shanghai"))
    with shared_database.read() as connection:
        found = histogram(connection, night, EVERYTHING, bucket, ZoneInfo("Asia/Shanghai")).buckets
    times = [one.event.started_at for one in town.events if fits(town, one, night, EVERYTHING)]
    assert len(times) > 100
    assert [count for _, _, count in found] == [sum(start <= at < end for at in times) for start, end, _ in found]


def test_buckets_are_without_a_gap_and_begin_with_the_days_of_the_place(shared_database: Database) -> None:
    zone = ZoneInfo("America/New_York")
    week = EventFilter(from_at=datetime(2026, 3, 6, 12, tzinfo=UTC), to_at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    with shared_database.read() as connection:
        found = histogram(connection, week, EVERYTHING, Bucket.DAY, zone).buckets
    lengths = Counter((end - start).total_seconds() / 3_600 for start, end, _ in found)
    assert lengths == {17: 1, 24: 2, 23: 1, 8: 1}
    assert all(start.astimezone(zone).hour == 0 for start, _, _ in found[1:])
    assert all(one[1] == following[0] for one, following in pairwise(found))


def test_weeks_begin_on_monday_and_months_on_the_first(shared_database: Database) -> None:
    long = EventFilter(from_at=datetime(2025, 12, 17, tzinfo=UTC), to_at=datetime(2026, 3, 3, tzinfo=UTC))
    with shared_database.read() as connection:
        weeks, months = (
            histogram(connection, long, EVERYTHING, bucket, UTC).buckets for bucket in (Bucket.WEEK, Bucket.MONTH)
        )
    assert all(start.weekday() == 0 for start, _, _ in weeks[1:])
    assert [start.month for start, _, _ in months] == [12, 1, 2, 3]


def test_who_sees_nothing_gets_empty_buckets(shared_database: Database, town: Town) -> None:
    with shared_database.read() as connection:
        found = histogram(connection, ALL, NOTHING, Bucket.DAY, UTC)
    assert {count for _, _, count in found.buckets} == {0}


@pytest.mark.parametrize(
    ("asked", "bucket", "field"),
    [
        (replace(ALL, from_at=None), Bucket.DAY, "from"),
        (replace(ALL, to_at=None), Bucket.DAY, "from"),
        (replace(ALL, from_at=ALL.to_at, to_at=ALL.from_at), Bucket.DAY, "from"),
        (ALL, Bucket.MINUTE, "bucket"),
    ],
)
def test_what_makes_no_histogram_is_refused(
    shared_database: Database, asked: EventFilter, bucket: Bucket, field: str
) -> None:
    with shared_database.read() as connection, pytest.raises(BadInput) as refused:
        histogram(connection, asked, EVERYTHING, bucket, UTC)
    assert refused.value.field == field


def test_the_best_bucket_is_the_finest_that_makes_a_clear_picture() -> None:
    chosen = [best_bucket(START, START + timedelta(days=days)) for days in (0.05, 0.3, 4, 90, 700, 9_000)]
    assert chosen == list(Bucket)
