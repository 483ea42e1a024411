"""A sieve says when it must be made again: when the registry changes, and it goes by that."""

from core.camera_facts import CameraFacts
from events.index.event_filter import EventFilter
from events.index.search import search
from events.index.sieve import Sieve
from registry import cameras, departments
from registry.db import Database
from tests.support.builders import START, an_event
from tests.support.happenings import add_cameras, write


def test_a_new_name_of_a_camera_makes_it_stale(database: Database) -> None:
    with database.write() as connection:
        [number] = add_cameras(connection, 1)
    write(database, [an_event(camera=number)])
    with database.read() as connection:
        [event] = search(connection, EventFilter()).items
        named = Sieve.of(connection, EventFilter(q="harbour"), now=START)
        assert not named.is_stale(connection)
    assert not named.fits(event)
    with database.write() as connection:
        cameras.change(connection, cameras.get(connection, number), START, facts=CameraFacts(address="Harbour 1"))
    with database.read() as connection:
        assert named.is_stale(connection)
        assert Sieve.of(connection, EventFilter(q="harbour"), now=START).fits(event)


def test_a_new_department_below_makes_it_stale(database: Database) -> None:
    with database.write() as connection:
        top = departments.add(connection, name="top").id
    with database.read() as connection:
        of_top = Sieve.of(connection, EventFilter(departments=frozenset({top})), now=START)
    with database.write() as connection:
        departments.add(connection, name="below", parent=top)
    with database.read() as connection:
        assert of_top.is_stale(connection)


def test_one_that_asks_for_labels_alone_is_never_stale(database: Database) -> None:
    with database.read() as connection:
        of_labels = Sieve.of(connection, EventFilter(labels=frozenset({"person"})), now=START)
    with database.write() as connection:
        add_cameras(connection, 1)
    with database.read() as connection:
        assert not of_labels.is_stale(connection)
