"""For who sees single cameras the database passes by the events of others, and none that is within reach."""

from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import Connection

from core.ids import LAST_EVENT, CameraId, EventId
from core.rule import Severity
from events.index import keyed
from events.index.camera_table import PLACES, table_of
from events.index.choice import ways_of
from events.index.conditions import Condition
from events.index.densities import densities
from events.index.event_filter import EventFilter, Order
from events.index.filters import resolve
from events.index.reach_keys import KeyKind, keys_of_numbers
from events.index.search import search
from events.index.seek import Along, Asked, Walked, walk
from events.index.stretch import Stretch
from events.index.ways import OneKey, Way, way_along
from events.index.within_reach import WithinReach
from registry import departments
from registry.db import Database, is_sqlite
from registry.reach import Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write
from tests.support.statements import said

ALL = Stretch(EventId(0), LAST_EVENT)
LABELS = ("person", "car")
SEVERITIES = tuple(Severity)
PAST_ALL = OneKey(Along.ALL, (), (), 1.0)


@dataclass(frozen=True)
class Street:
    """Forty cameras, which saw something in turns, and another one of a department of its own."""

    cameras: list[CameraId]
    ids: list[EventId]
    """Newest first."""
    reach: Reach
    """Fourteen of the cameras, and the department."""
    within: list[EventId]
    """Of `ids`, those within reach."""


@pytest.fixture(scope="module")
def street(shared_database: Database) -> Street:
    with shared_database.write() as connection:
        home = departments.add(connection, name="home").id
        cameras = add_cameras(connection, 40)
        (own,) = add_cameras(connection, 1, department=home)
    seen = [
        an_event(n, camera=cameras[n % 40], at=after(n), label=LABELS[n // 40 % 2], severity=SEVERITIES[n // 80 % 4])
        for n in range(800)
    ]
    seen += [
        an_event(n, camera=own, at=after(n + 0.5), label=LABELS[n // 80 % 2], severity=SEVERITIES[n // 160 % 4])
        for n in range(0, 800, 80)
    ]
    ids = sorted(write(shared_database, seen), reverse=True)
    single = [CameraSpan(camera) for camera in cameras[::3]]
    seen_by = {one.camera for one in single} | {own}
    within = [number for number in ids if number % (1 << 22) in seen_by]
    return Street(cameras, ids, Reach(departments={home: EventId(0)}, spans=single), within)


def test_a_database_tells_nothing_of_cameras_that_are_not_in_the_table(
    shared_database: Database, street: Street
) -> None:
    single = street.cameras[::3]
    with shared_database.read() as connection:
        table = table_of(np.array(single, np.int32), embedded=is_sqlite(connection))
        asked = Asked(ALL, 400, Order.NEWEST, with_departments=False)
        walked = walk(connection, Along.ALL, (), (Condition("camera_table", table),), asked)
    assert walked.ids.tolist() == [number for number in street.ids[:400] if number % (1 << 22) in single]
    assert (walked.number, walked.until) == (400, street.ids[399])


def test_a_camera_that_shares_its_place_with_one_within_reach_stays_hidden(
    shared_database: Database, street: Street
) -> None:
    hidden, *seen = street.cameras[:10]
    reach = Reach(spans=[CameraSpan(CameraId(hidden + PLACES)), *map(CameraSpan, seen)])
    way = WithinReach(PAST_ALL, None, reach)
    with shared_database.read() as connection:
        table = table_of(reach.cameras, embedded=is_sqlite(connection))
        asked = Asked(ALL, 1_000, Order.NEWEST, with_departments=False)
        told = walk(connection, Along.ALL, (), (Condition("camera_table", table),), asked).ids
        found = way.step(connection, asked).ids
    assert hidden in told % (1 << 22)
    assert found.tolist() == [number for number in street.ids if number % (1 << 22) in seen]


def test_a_page_is_found_by_one_walk_and_one_along_the_department(shared_database: Database, street: Street) -> None:
    with shared_database.read() as connection, said() as statements:
        page = search(connection, EventFilter(), reach=street.reach, limit=200)
    assert [one.event.id for one in page.items] == street.within[:200]
    walks = [one for one in statements if "LIMIT" in one and "event" in one]
    assert [str(PLACES - 1) in one for one in walks] == [True, False]


def test_departments_are_asked_for_what_was_walked_through(shared_database: Database, street: Street) -> None:
    way = WithinReach(PAST_ALL, owners := Listening(along_departments(street)), street.reach)
    with shared_database.read() as connection:
        walked = way.step(connection, Asked(ALL, 100, Order.OLDEST, with_departments=False))
    assert walked.until == street.ids[-100]
    assert [asked.ids for asked in owners.heard] == [Stretch(ALL.lowest, walked.until)]


@pytest.mark.parametrize("order", list(Order))
def test_what_a_busy_department_leaves_unseen_is_seen_by_the_next_step(
    shared_database: Database, street: Street, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed, "_FAR_TOO_MANY", 0)
    monkeypatch.setattr(keyed, "_MOST", 300)
    way, left, found = WithinReach(PAST_ALL, along_departments(street), street.reach), ALL, list[int]()
    steps = 0
    with shared_database.read() as connection:
        while True:
            walked = way.step(connection, Asked(left, 600, order, with_departments=False))
            found, steps = [*found, *walked.ids.tolist()], steps + 1
            rest = None if walked.until is None else left.after(walked.until, order)
            if rest is None:
                break
            left = rest
    assert found == (street.ids if order is Order.NEWEST else street.ids[::-1])
    assert steps > 2  # 600 of 810 were walked past by the first one


@pytest.mark.parametrize(
    "asked",
    [
        EventFilter(departments=frozenset({departments.DEFAULT})),
        EventFilter(labels=frozenset({"car"})),
        EventFilter(labels=frozenset({"car"}), severities=frozenset({Severity.HIGH})),
    ],
    ids=["departments", "labels", "labels and severities"],
)
def test_departments_are_sought_for_what_is_asked(
    shared_database: Database, street: Street, asked: EventFilter
) -> None:
    with shared_database.read() as connection:
        wanted = resolve(connection, asked)
        assert wanted is not None
        ways = ways_of(connection, wanted, street.reach, densities(connection))
        step = Asked(ALL, 1_000, Order.NEWEST, with_departments=False)
        found = [way.step(connection, step).ids.tolist() for way in ways if isinstance(way, WithinReach)]
        everything = {one.event.id: one for one in search(connection, EventFilter(), limit=1_000).items}
    expected = [
        number
        for number in street.within
        if (not asked.departments or everything[number].department in asked.departments)
        and (not asked.labels or everything[number].event.label in asked.labels)
        and (not asked.severities or everything[number].event.severity in asked.severities)
    ]
    assert 0 < len(expected) < len(street.within)
    assert found
    assert all(ids == expected for ids in found)


class Listening:
    """A way that remembers what it was asked."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self.heard: list[Asked] = []
        self.fitting, self.share, self.set_out = way.fitting, way.share, way.set_out
        self.an_event, self.is_within, self.a_step = way.an_event, way.is_within, way.a_step
        self.takes_all, self.can_leap = way.takes_all, way.can_leap

    def step(self, connection: Connection, asked: Asked) -> Walked:
        self.heard.append(asked)
        return self._way.step(connection, asked)


def along_departments(street: Street) -> Way:
    """Along that of forty cameras, that of one, and one that has none."""
    numbers = [departments.DEFAULT, *street.reach.departments, 1_000_000]
    return way_along(keys_of_numbers(KeyKind.DEPARTMENT, numbers), None, (), 1.0, is_within=True)
