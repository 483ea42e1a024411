"""A department that sees cameras of others and has none of its own finds its own events from the first one on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.camera import DepartmentId
from core.ids import CameraId, EventId
from events.index.event_filter import EventFilter
from events.index.search import search
from registry import cameras, departments
from registry.catalogue.owning import own_or_owned
from registry.db import Database
from registry.reach import Reach
from registry.spans import CameraSpan
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write

ASKED = [EventFilter(), EventFilter(labels=frozenset({"person"})), EventFilter(min_duration=timedelta(0))]


@pytest.fixture
def of_others(database: Database) -> CameraId:
    """A camera of another department, with an event."""
    with database.write() as connection:
        other = departments.add(connection, name="other").id
        [camera] = add_cameras(connection, 1, department=other)
    write(database, [an_event(1, camera=camera, at=after(0))])
    return camera


@pytest.fixture
def own(database: Database) -> DepartmentId:
    with database.write() as connection:
        return departments.add(connection, name="own").id


def seconds(database: Database, reach: Reach, asked: EventFilter) -> list[float]:
    with database.read() as connection:
        found = search(connection, asked, reach=reach).items
    return [(one.event.started_at - after(0)).total_seconds() for one in found]


@pytest.mark.parametrize("asked", ASKED, ids=["all", "label", "duration"])
def test_its_own_events_are_found_as_soon_as_there_are_some(
    database: Database, of_others: CameraId, own: DepartmentId, asked: EventFilter
) -> None:
    reach = Reach(departments={own: EventId(0)}, spans=[CameraSpan(of_others)])
    assert seconds(database, reach, asked) == [0]
    with database.write() as connection:
        [camera] = add_cameras(connection, 1, department=own)
    write(database, [an_event(2, camera=camera, at=after(100))])
    assert seconds(database, reach, asked) == [100, 0]

    with database.write() as connection:
        moved = replace(cameras.get(connection, camera), department=departments.DEFAULT)
        cameras.change(connection, moved, after(200))
    write(database, [an_event(3, camera=camera, at=after(300))])
    assert seconds(database, reach, asked) == [100, 0]


@pytest.mark.parametrize("asked", ASKED, ids=["all", "label", "duration"])
def test_nothing_of_others_is_found_besides(
    database: Database, of_others: CameraId, own: DepartmentId, asked: EventFilter
) -> None:
    with database.write() as connection:
        [hidden] = add_cameras(connection, 1, department=departments.DEFAULT)
    write(database, [an_event(2, camera=hidden, at=after(50)), an_event(3, camera=of_others, at=after(60))])
    reach = Reach(
        departments={own: EventId(0)},
        spans=[CameraSpan(of_others, highest=an_event(1, camera=of_others, at=after(0)).id)],
    )
    assert seconds(database, reach, asked) == [0]


def test_it_is_looked_up_once_in_each_version_of_the_registry(database: Database, own: DepartmentId) -> None:
    def is_owning() -> bool:
        with database.read() as connection:
            return own_or_owned(connection, [own])

    assert not is_owning()
    with database.write() as connection:
        [camera] = add_cameras(connection, 1, department=own)
        assert own_or_owned(connection, [own])  # what is not committed yet is seen, and not kept
    assert is_owning()
    with database.write() as connection:
        moved = replace(cameras.get(connection, camera), department=departments.DEFAULT)
        cameras.change(connection, moved, after(200))
    assert is_owning()


def test_a_program_that_starts_after_its_only_camera_has_gone_finds_what_happened_there(
    database: Database, own: DepartmentId
) -> None:
    with database.write() as connection:
        [camera] = add_cameras(connection, 1, department=own)
        moved = replace(cameras.get(connection, camera), department=departments.DEFAULT)
        cameras.change(connection, moved, after(200))
    with database.read() as connection:
        assert own_or_owned(connection, [own])
