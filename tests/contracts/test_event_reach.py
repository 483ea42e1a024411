"""A search within a reach finds what a plain walk with the reach's own predicate finds, page by page."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.camera import DepartmentId
from core.event import EndReason
from core.ids import CAMERA_BITS, LAST_EVENT, CameraId, EventId
from core.rule import Severity
from events.index.choice import MOST_KEYS
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.stored import StoredEvent
from events.index.walking import MOST_WALKED
from registry import cameras, departments
from registry.db import Database
from registry.reach import EVERYTHING, NOTHING, Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

LABELS = ("person", "car", "dog")
EVENTS = 300
SECONDS = 1_000
CROWD = [CameraSpan(CameraId(1_000_000 + n)) for n in range(MOST_KEYS + 1)]
"""Cameras without events: with all of them a reach has too many keys to seek each."""
CROWDS = (0, 40, 60, len(CROWD))
"""With some of them it has so many that a walk is tried before each is asked: over 240 events, and over all of them."""


@dataclass(frozen=True)
class Town:
    """What was put into a database."""

    database: Database
    cameras: Sequence[CameraId]
    departments: Sequence[DepartmentId]
    events: Sequence[StoredEvent]
    """Newest first."""


def a_town(database: Database) -> Town:
    """Four departments with three cameras each, half of which have had other owners, one of them twice."""
    rng = random.Random(20261126)
    with database.write() as connection:
        owners = [departments.add(connection, name=f"department {n}").id for n in range(4)]
        numbers = [one for owner in owners for one in add_cameras(connection, 3, department=owner)]

    def move(number: CameraId, to: DepartmentId, at_s: float) -> None:
        with database.write() as connection:
            changed = replace(cameras.get(connection, number), department=to)
            cameras.change(connection, changed, after(at_s))

    move(numbers[0], owners[1], 300)
    move(numbers[0], owners[2], 500.0005)
    move(numbers[3], owners[0], 700)
    move(numbers[4], owners[3], -100)
    write(
        database,
        [
            an_event(
                n,
                camera=rng.choice(numbers),
                at=after(rng.randrange(100) * SECONDS / 100),  # often several at once
                label=rng.choices(LABELS, (6, 3, 1))[0],
                severity=rng.choice(list(Severity)),
                end_reason=EndReason.LEFT,
            )
            for n in range(EVENTS)
        ],
    )
    # A clock was fast: what these cameras saw last has the owner of when it was written, not the one of its time.
    move(numbers[6], owners[0], SECONDS - 50)
    move(numbers[9], owners[1], SECONDS - 20)
    with database.read() as connection:
        found = search(connection, EventFilter(), limit=1_000).items
    assert len(found) == EVENTS
    return Town(database, numbers, owners, found)


def reaches(town: Town, crowds: Sequence[int] = CROWDS) -> st.SearchStrategy[Reach]:
    ids = [one.event.id for one in town.events]
    edges = st.one_of(
        st.sampled_from([EventId(0), LAST_EVENT]),
        st.sampled_from(ids),
        st.sampled_from(ids).map(lambda number: EventId(number + 1)),
        st.sampled_from(ids).map(lambda number: EventId(number >> CAMERA_BITS << CAMERA_BITS)),
    )
    spans = st.builds(
        lambda camera, ends: CameraSpan(camera, min(ends), max(ends)),
        st.sampled_from(town.cameras),
        st.tuples(edges, edges | st.just(LAST_EVENT)),
    )
    return st.builds(
        lambda owners, of_cameras, crowd: Reach(departments=owners, spans=[*of_cameras, *CROWD[:crowd]]),
        st.dictionaries(st.sampled_from(town.departments), st.just(EventId(0)) | edges, max_size=3),
        st.lists(spans, max_size=12),
        st.sampled_from(crowds),
    )


def filters(town: Town) -> st.SearchStrategy[EventFilter]:
    moments = st.integers(-10, SECONDS + 10)
    between = st.tuples(moments, moments).map(sorted)
    return st.builds(
        lambda ends, begins, comes_to_end, **others: EventFilter(
            from_at=after(ends[0]) if begins else None, to_at=after(ends[1]) if comes_to_end else None, **others
        ),
        ends=between,
        begins=st.booleans(),
        comes_to_end=st.booleans(),
        labels=st.frozensets(st.sampled_from([*LABELS, "unicorn"]), max_size=2),
        cameras=st.frozensets(st.sampled_from([*town.cameras, CameraId(4_000_000)]), max_size=3),
        severities=st.frozensets(st.sampled_from(Severity), max_size=2),
    )


def fits(one: StoredEvent, asked: EventFilter) -> bool:
    event = one.event
    return (
        (asked.from_at is None or event.started_at >= asked.from_at)
        and (asked.to_at is None or event.started_at < asked.to_at)
        and (not asked.labels or event.label in asked.labels)
        and (not asked.cameras or event.camera in asked.cameras)
        and (not asked.severities or event.severity in asked.severities)
    )


def scanned(town: Town, asked: EventFilter, reach: Reach) -> list[EventId]:
    return [
        one.event.id
        for one in town.events
        if fits(one, asked) and reach.has_event(one.event.id, one.event.camera, one.department)
    ]


def all_pages(database: Database, asked: EventFilter, reach: Reach, limit: int) -> list[EventId]:
    found: list[EventId] = []
    cursor = None
    for _ in range(10_000):
        with database.read() as connection:
            page = search(connection, asked, reach=reach, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        found += [item.event.id for item in page.items]
        if page.next is None:
            return found
        assert cursor is None or page.next < cursor
        cursor = page.next
    raise AssertionError("the pages do not end")


def trying(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_reach_finds_what_a_scan_with_its_predicate_finds(database: Database) -> None:
    town = a_town(database)

    @trying(60)
    @given(asked=filters(town), reach=reaches(town), limit=st.sampled_from([1, 3, 7, 60, 1_000]))
    def agrees(asked: EventFilter, reach: Reach, limit: int) -> None:
        if limit == 1:
            asked = replace(asked, from_at=None, to_at=after(50))  # pages of one, but not too many
        assert all_pages(database, asked, reach, limit) == scanned(town, asked, reach)

    agrees()


def test_a_walk_past_others_finds_what_a_scan_finds(database: Database) -> None:
    town = a_town(database)

    @trying(40)
    @given(reach=reaches(town, crowds=(40, 60)), limit=st.sampled_from([3, 20, 1_000]))
    def agrees(reach: Reach, limit: int) -> None:
        assert all_pages(database, EventFilter(), reach, limit) == scanned(town, EventFilter(), reach)

    agrees()


def test_a_reach_of_all_finds_all_and_one_of_nothing_nothing(database: Database) -> None:
    town = a_town(database)
    everything = [one.event.id for one in town.events]
    assert all_pages(database, EventFilter(), EVERYTHING, 50) == everything
    assert all_pages(database, EventFilter(), NOTHING, 50) == []


def test_a_camera_out_of_reach_is_found_like_one_that_never_was(database: Database) -> None:
    town = a_town(database)
    reach = Reach(departments={town.departments[3]: EventId(0)})
    with database.read() as connection:
        for number in (town.cameras[7], CameraId(4_000_000)):
            page = search(connection, EventFilter(cameras=frozenset({number})), reach=reach)
            assert (page.items, page.next) == ((), None)


def test_an_event_that_a_fast_clock_dated_too_late_is_found_by_its_camera(database: Database) -> None:
    town = a_town(database)
    asked = EventFilter(cameras=frozenset({town.cameras[6], town.cameras[9]}), from_at=after(SECONDS - 50))
    for owner in (town.departments[2], town.departments[0]):
        reach = Reach(departments={owner: EventId(0)})
        assert all_pages(database, asked, reach, 50) == scanned(town, asked, reach)
    assert scanned(town, asked, Reach(departments={town.departments[2]: EventId(0)}))


def test_a_page_of_few_is_filled_from_many_keys(database: Database) -> None:
    town = a_town(database)
    reach = Reach(spans=[CameraSpan(number) for number in town.cameras])
    assert all_pages(database, EventFilter(), reach, 4) == [one.event.id for one in town.events]


def test_a_busy_camera_among_quiet_ones_is_asked_again(database: Database) -> None:
    with database.write() as connection:
        busy, *quiet = add_cameras(connection, 16)
    events = [an_event(n, camera=busy, at=after(n)) for n in range(60)]
    events += [an_event(n, camera=quiet[n % 15], at=after(2 * n + 0.5)) for n in range(30)]
    ids = sorted(write(database, events), reverse=True)
    reach = Reach(spans=[CameraSpan(number) for number in (busy, *quiet)])
    assert all_pages(database, EventFilter(), reach, 30) == ids


def test_a_span_begins_with_its_event_whatever_other_cameras_saw_at_that_moment(database: Database) -> None:
    with database.write() as connection:
        first, second = add_cameras(connection, 2)
    early, late = write(database, [an_event(1, camera=first), an_event(2, camera=second)])
    assert early < late
    reach = Reach(spans=[CameraSpan(first, late), CameraSpan(second, early)])
    assert all_pages(database, EventFilter(), reach, 50) == [late]


def test_where_a_search_stops_on_the_way_names_no_event_that_is_hidden(database: Database) -> None:
    with database.write() as connection:
        mine, hidden = add_cameras(connection, 2)
    rare = write(database, [an_event(0, camera=mine)])
    write(database, [an_event(n, camera=hidden, at=after(n / 100)) for n in range(1, MOST_WALKED + 4_500)])
    few_keys, many_keys = Reach(spans=[CameraSpan(mine)]), Reach(spans=[CameraSpan(mine), *CROWD])
    with database.read() as connection:
        sought = search(connection, EventFilter(), reach=few_keys)
        walked = search(connection, EventFilter(), reach=many_keys)
    assert [one.event.id for one in sought.items] == rare
    assert sought.next is None
    assert walked.items == ()
    assert walked.next is not None
    assert walked.next % (1 << CAMERA_BITS) == 0
    assert all_pages(database, EventFilter(), many_keys, 50) == rare


def test_many_at_once_are_answered_like_each_alone(database: Database) -> None:
    town = a_town(database)
    columns: Mapping[str, list[int]] = {
        "events": [one.event.id for one in town.events],
        "cameras": [one.event.camera for one in town.events],
        "departments": [one.department for one in town.events],
    }

    @trying(50)
    @given(reach=reaches(town))
    def agrees(reach: Reach) -> None:
        ids, numbers, owners = (np.array(columns[name], np.int64) for name in ("events", "cameras", "departments"))
        expected = [reach.has_event(one.event.id, one.event.camera, one.department) for one in town.events]
        assert reach.has_events(ids, numbers, owners).tolist() == expected

    agrees()
