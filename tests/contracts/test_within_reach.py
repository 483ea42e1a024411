"""For who sees single cameras the database passes by the events of others, and none that is within reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, event

from core.ids import LAST_EVENT, CameraId, EventId
from events.index.camera_table import PLACES, table_of
from events.index.conditions import Condition
from events.index.event_filter import EventFilter, Order
from events.index.search import search
from events.index.seek import Along, Asked, walk
from events.index.stretch import Stretch
from events.index.ways import OneKey
from events.index.within_reach import WithinReach
from registry import departments
from registry.db import Database, is_sqlite
from registry.reach import Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

ALL = Stretch(EventId(0), LAST_EVENT)


@dataclass(frozen=True)
class Street:
    """Forty cameras, which saw something in turns, and another one of a department of its own."""

    cameras: list[CameraId]
    ids: list[EventId]
    """Newest first."""
    reach: Reach
    """Ten of the cameras, and the department."""
    within: list[EventId]
    """Of `ids`, those within reach."""


@pytest.fixture(scope="module")
def street(shared_database: Database) -> Street:
    with shared_database.write() as connection:
        home = departments.add(connection, name="home").id
        cameras = add_cameras(connection, 40)
        (own,) = add_cameras(connection, 1, department=home)
    seen = [an_event(n, camera=cameras[n % 40], at=after(n)) for n in range(800)]
    seen += [an_event(n, camera=own, at=after(n + 0.5)) for n in range(0, 800, 80)]
    ids = sorted(write(shared_database, seen), reverse=True)
    single = [CameraSpan(camera) for camera in cameras[::4]]
    seen_by = {one.camera for one in single} | {own}
    within = [number for number in ids if number % (1 << 22) in seen_by]
    return Street(cameras, ids, Reach(departments={home: EventId(0)}, spans=single), within)


def test_a_database_tells_nothing_of_cameras_that_are_not_in_the_table(
    shared_database: Database, street: Street
) -> None:
    single = street.cameras[::4]
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
    way = WithinReach(OneKey(Along.ALL, (), (), 1.0), None, reach)
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


@contextmanager
def said() -> Iterator[list[str]]:
    """The statements that databases are asked meanwhile."""
    heard: list[str] = []

    def hear(_: Connection, __: object, statement: str, *___: object) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
