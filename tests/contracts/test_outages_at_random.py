"""Random outages, searched by how long they were: found as they are seen, by whoever sees whichever part of them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from core.camera import DepartmentId
from core.clock import SystemClock
from core.event import EndReason, Event
from core.ids import CameraId, EventId, event_id
from core.rule import RuleKind
from events.index.event_filter import EventFilter, Order
from events.index.search import search
from events.index.sieve import Sieve
from events.outages.seen import all_as_seen
from registry import cameras, departments, streams
from registry.db import Database
from registry.reach import Reach
from registry.spans import CameraSpan
from tests.support.builders import START, after, an_event
from tests.support.happenings import write

SECONDS = 3_000
"""All of them are lost within so long, and back some hours later at most."""


@pytest.fixture(scope="module")
def losses(shared_database: Database) -> tuple[list[DepartmentId], list[CameraId]]:
    """Two departments with three uplinks of six cameras each, which are lost over and over; and those cameras."""
    random = Random(5)
    owners: list[DepartmentId] = []
    numbers: list[CameraId] = []
    with shared_database.write() as connection:
        for place in range(2):
            owners.append(departments.add(connection, name=f"bridges {place}").id)
            for uplink in range(3):
                for channel in range(6):
                    number = cameras.add(connection, name=f"span {uplink}-{channel}", department=owners[-1]).id
                    streams.add(connection, number, url=f"rtsp://10.1.{place}.{uplink + 9}:554/channel/{channel}")
                    numbers.append(number)
    begun = [(random.randrange(0, SECONDS, 20), camera, n) for camera in numbers for n in range(1, 6)]
    begun.sort(key=lambda one: one[0] + random.uniform(0, 90))  # some are told of later than others that came after
    told: list[Event] = []
    for at, camera, n in begun:
        first = replace(
            an_event(n, camera=camera, at=after(at), lasted_s=0, label="stream"),
            kind=RuleKind.STREAM_LOST,
            track=None,
            score=None,
            box=None,
        )
        lasted = timedelta(seconds=random.choice([0, 3, 20, 200, 4_000]))
        later = replace(first, version=2, last_seen_at=first.started_at + lasted)
        is_over = random.random() < 0.9
        over = replace(later, ended_at=later.last_seen_at + lasted, end_reason=EndReason.OVER)
        told += [first, over if is_over else later]
    write(shared_database, told)
    return owners, numbers


@pytest.mark.parametrize("seed", range(60))
def test_they_are_found_as_they_are_seen(
    shared_database: Database, losses: tuple[list[DepartmentId], list[CameraId]], seed: int
) -> None:
    random = Random(seed)
    reach, order = _a_reach(random, *losses), random.choice(list(Order))
    with shared_database.read() as connection:
        there_are = search(connection, EventFilter(), reach=reach, order=order, limit=1_000)
        assert there_are.next is None
        seen = all_as_seen(connection, there_are.items, reach)
        for _ in range(10):
            asked = _a_filter(random)
            sieve = Sieve.of(connection, asked, now=SystemClock().now())
            expected = [one.event.id for one in seen if sieve.fits(one)]
            found = search(connection, asked, reach=reach, order=order, limit=1_000)
            assert [one.event.id for one in found.items] == expected, asked


def _a_reach(random: Random, owners: list[DepartmentId], numbers: list[CameraId]) -> Reach:
    """Some cameras for some time or for ever, and maybe a department since some moment."""
    spans = []
    for camera in random.sample(numbers, random.randrange(1, len(numbers))):
        first = EventId(0) if random.random() < 0.5 else event_id(after(random.uniform(0, SECONDS)), camera)
        is_open = random.random() < 0.5
        last = None if is_open else event_id(after(random.uniform(0, 2 * SECONDS)), camera)
        spans.append(CameraSpan(camera, first) if last is None else CameraSpan(camera, first, max(first, last)))
    since = {random.choice(owners): event_id(after(random.uniform(0, SECONDS)), CameraId(1))}
    return Reach(spans=spans, departments=since if random.random() < 0.5 else {})


def _a_filter(random: Random) -> EventFilter:
    lengths = sorted(timedelta(seconds=random.choice([0, 1, 3, 10, 60, 1_000, 3_700])) for _ in range(2))
    from_at = START + timedelta(seconds=random.randrange(0, 2 * SECONDS, 20)) if random.random() < 0.5 else None
    return EventFilter(
        min_duration=lengths[0] if random.random() < 0.6 else None,
        max_duration=lengths[1] if random.random() < 0.6 else None,
        from_at=from_at,
        overlap=from_at is not None and random.random() < 0.7,
    )
