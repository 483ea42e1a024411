"""Searching finds what a plain walk over all events would find, in pages, newest first."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from core.box import Point
from core.errors import BadInput
from core.event import EndReason, Event
from core.ids import CameraId, EventId
from core.rule import RuleKind, Severity
from core.zone import Polygon, ZoneId
from events.index.choice import MOST_KEYS
from events.index.event_filter import EventFilter
from events.index.search import search
from events.media.table import MediaKind, MediaState, event_media
from registry import cameras, zones
from registry.db import Database
from registry.tables import camera as camera_table
from tests.support.builders import START, after, an_event
from tests.support.happenings import add_cameras, put_events, write

T = TypeVar("T")
LABELS = ("person", "car", "bicycle", "dog")
TRIANGLE = Polygon((Point(0, 0), Point(1, 0), Point(1, 1)))


def all_pages(database: Database, asked: EventFilter, limit: int = 50) -> list[EventId]:
    """The ids of all pages. Each page but the last must say where the next one begins."""
    found: list[EventId] = []
    cursor = None
    for _ in range(10_000):
        with database.read() as connection:
            page = search(connection, asked, cursor=cursor, limit=limit)
        found += [item.event.id for item in page.items]
        if page.next is None:
            return found
        assert cursor is None or page.next < cursor
        cursor = page.next
    raise AssertionError("the pages do not end")


def fits(event: Event, asked: EventFilter) -> bool:
    """What the filter means, said plainly."""
    return (
        (asked.from_at is None or event.started_at >= asked.from_at)
        and (asked.to_at is None or event.started_at < asked.to_at)
        and (not asked.labels or event.label in asked.labels)
        and (not asked.kinds or event.kind in asked.kinds)
        and (not asked.cameras or event.camera in asked.cameras)
        and (not asked.severities or event.severity in asked.severities)
        and (not asked.zones or event.zone in asked.zones)
        and (not asked.min_score or (event.score is not None and event.score >= asked.min_score))
    )


def some_of(rng: random.Random, values: Sequence[T]) -> frozenset[T]:
    """Often nothing, else up to three of `values`."""
    return frozenset(rng.sample(values, rng.randint(1, min(3, len(values))))) if rng.random() < 0.35 else frozenset()


def a_filter(rng: random.Random, numbers: Sequence[CameraId], places: Sequence[ZoneId]) -> EventFilter:
    moments = sorted(after(rng.randint(-10, 1_100) + rng.choice([0, 0.0005])) for _ in range(2))
    return EventFilter(
        from_at=moments[0] if rng.random() < 0.3 else None,
        to_at=moments[1] if rng.random() < 0.3 else None,
        labels=some_of(rng, [*LABELS, "unicorn"]),
        kinds=some_of(rng, list(RuleKind)),
        cameras=some_of(rng, [*numbers, CameraId(4_000_000)]),
        severities=some_of(rng, list(Severity)),
        zones=some_of(rng, [*places, ZoneId(4_000_000)]),
        min_score=rng.choice([None, None, 0.0, 0.3, 0.5, 0.9, 1.0]),
    )


def test_every_filter_finds_what_a_plain_walk_finds(database: Database) -> None:
    rng = random.Random(20260301)
    with database.write() as connection:
        numbers = add_cameras(connection, 6)
        places = [zones.add(connection, number, name="gate", polygon=TRIANGLE).id for number in numbers]
    events = [
        an_event(
            n,
            camera=camera,
            at=after(rng.randint(0, 1_000)),
            label=rng.choices(LABELS, (8, 4, 2, 1))[0],
            severity=rng.choice(list(Severity)),
            zone=places[numbers.index(camera)] if rng.random() < 0.5 else None,
            score=rng.randint(0, 100) / 100,
            end_reason=EndReason.LEFT,
        )
        for n in range(1, 401)
        for camera in [rng.choice(numbers)]
    ]
    write(database, events)
    with database.read() as connection:
        stored = [item.event for item in search(connection, EventFilter(), limit=1_000).items]
    assert len(stored) == 400
    for _ in range(60):
        asked = a_filter(rng, numbers, places)
        expected = [event.id for event in stored if fits(event, asked)]
        assert all_pages(database, asked, limit=rng.choice([7, 50, 1_000])) == expected, asked


def test_the_newest_comes_first_and_the_last_page_says_so(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
    ids = write(database, [an_event(n, camera=camera, at=after(n)) for n in range(10)])
    with database.read() as connection:
        first = search(connection, EventFilter(), limit=5)
        assert [item.event.id for item in first.items] == ids[:4:-1]
        assert first.next == ids[5]
        last = search(connection, EventFilter(), cursor=first.next, limit=5)
        assert [item.event.id for item in last.items] == ids[4::-1]
        assert last.next is None


def test_events_written_while_somebody_turns_pages_shift_nothing(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
    ids = write(database, [an_event(n, camera=camera, at=after(n)) for n in range(6)])
    with database.read() as connection:
        first = search(connection, EventFilter(), limit=3)
    write(database, [an_event(n, camera=camera, at=after(n)) for n in range(100, 103)])
    with database.read() as connection:
        second = search(connection, EventFilter(), cursor=first.next, limit=3)
    assert [item.event.id for item in (*first.items, *second.items)] == ids[::-1]


def test_what_never_was_answers_at_once_with_nothing(database: Database) -> None:
    with database.read() as connection:
        for asked in (
            EventFilter(labels=frozenset({"unicorn"})),
            EventFilter(cameras=frozenset({CameraId(9)})),
            EventFilter(zones=frozenset({ZoneId(9)})),
            EventFilter(from_at=START, to_at=START),
            EventFilter(to_at=datetime(1999, 1, 1, tzinfo=UTC)),
            EventFilter(from_at=datetime(2200, 1, 1, tzinfo=UTC)),
        ):
            page = search(connection, asked)
            assert (page.items, page.next) == ((), None), asked


def test_moments_far_outside_do_not_matter(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
    ids = write(database, [an_event(camera=camera)])
    wide = EventFilter(from_at=datetime(1999, 1, 1, tzinfo=UTC), to_at=datetime(2200, 1, 1, tzinfo=UTC))
    assert all_pages(database, wide) == ids


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_a_limit_outside_its_bounds_is_refused(database: Database, limit: int) -> None:
    with database.read() as connection, pytest.raises(BadInput, match="expected 1 to 1000"):
        search(connection, EventFilter(), limit=limit)


def test_more_cameras_than_can_be_sought_one_by_one_are_found_too(database: Database) -> None:
    count = MOST_KEYS + 100
    with database.write() as connection:
        numbers = [CameraId(number) for number in cameras.take_numbers(connection, count)]
        rows = [{"id": n, "name": f"camera {n}", "department": 1, "enabled": True} for n in numbers]
        connection.execute(camera_table.insert(), rows)
    rng = random.Random(7)
    chosen = rng.sample(numbers, 300)
    events = [an_event(n, camera=c, at=after(n), label=LABELS[n % 2]) for n, c in enumerate(chosen)]
    ids = write(database, events)
    wanted = frozenset(numbers) - {chosen[0]}
    assert all_pages(database, EventFilter(cameras=wanted), limit=100) == ids[:0:-1]
    few_but_many_keys = EventFilter(cameras=frozenset(numbers[:1_500]), labels=frozenset(LABELS[:2]))
    expected = [id_ for id_, c in zip(ids, chosen, strict=True) if c in few_but_many_keys.cameras]
    assert all_pages(database, few_but_many_keys, limit=100) == expected[::-1]


def test_an_event_shows_its_zone_and_media(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
        place = zones.add(connection, camera, name="North gate", polygon=TRIANGLE).id
        event = put_events(connection, [an_event(camera=camera, zone=place)])[0]
        connection.execute(
            event_media.insert(),
            [
                {
                    "event": event,
                    "kind": MediaKind.SNAPSHOT,
                    "state": MediaState.FAILED,
                    "reason": "too dark",
                    "seconds": None,
                },
                {"event": event, "kind": MediaKind.ORIGINAL, "state": MediaState.READY, "reason": None, "seconds": 7.5},
            ],
        )
        zones.remove(connection, place, START + timedelta(days=1))
    with database.read() as connection:
        found = search(connection, EventFilter()).items[0]
    assert found.zone_name == "North gate"
    snapshot, original = found.medium(MediaKind.SNAPSHOT), found.medium(MediaKind.ORIGINAL)
    assert snapshot is not None
    assert original is not None
    assert (snapshot.state, snapshot.reason) == (MediaState.FAILED, "too dark")
    assert (original.state, original.seconds) == (MediaState.READY, 7.5)
    assert found.medium(MediaKind.MASKED_CLIP) is None
