"""Storing many events keeps SQLite's one writer from nobody for long."""

from core.event import Event
from events.index import changes
from events.storing import store
from registry.db import Database
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write


def test_others_can_write_after_each_hundred_events(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        (camera,) = add_cameras(connection, 1)
    first, *made = [an_event(n, camera=camera, at=after(n)) for n in range(251)]
    write(sqlite_database, [first])
    committed: list[int] = []

    def note(_: Event) -> None:
        with sqlite_database.read() as connection:
            committed.append(changes.latest(connection))

    stored = store(sqlite_database, made, lambda *_: None, note)
    assert [event for event, _ in stored] == made
    assert committed == [1] * 100 + [101] * 100 + [201] * 50
