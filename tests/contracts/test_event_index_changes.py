"""Changes come in the order of their commits, and none is lost: neither among writers nor when one is killed."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.ids import CameraId, EventId
from events.index import changes
from events.index.tables import event, event_change
from registry.db import Database, Engines, open_database
from sharp_eyes.migrate import upgrade
from tests.support.builders import after, an_event
from tests.support.happenings import add_cameras, write
from tests.support.postgres import PostgresServer

WRITERS = 4
BATCHES = 15


def test_an_empty_index_has_no_latest_change(database: Database) -> None:
    with database.read() as connection:
        assert changes.latest(connection) == 0
        assert changes.since(connection, 0, 10) == []


def test_changes_are_read_after_a_number_and_up_to_a_limit(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
    ids = write(database, [an_event(n, camera=camera, at=after(n)) for n in range(5)])
    with database.read() as connection:
        first = changes.since(connection, 0, 2)
        rest = changes.since(connection, first[-1].seq, 10)
        assert changes.latest(connection) == rest[-1].seq
    assert [change.event for change in (*first, *rest)] == ids


def test_something_else_that_changed_on_an_event_is_told_too(database: Database) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
    event = write(database, [an_event(camera=camera)])[0]
    with database.write() as connection:
        changes.append(connection, event, 1)
    with database.read() as connection:
        assert [change.event for change in changes.since(connection, 0, 10)] == [event, event]


def test_writers_at_the_same_time_lose_and_reorder_nothing(database: Database) -> None:
    """A follower that polls meanwhile must meet each change, in order, though it never looks back."""
    with database.write() as connection:
        numbers = add_cameras(connection, WRITERS)
    failures: list[BaseException] = []
    finished = threading.Event()
    followed: list[changes.Change] = []

    def write_batches(camera: CameraId) -> None:
        try:
            for batch in range(BATCHES):
                events = [an_event(batch * 10 + n, camera=camera, at=after(batch), label=f"l{batch}") for n in range(7)]
                write(database, events)
        except BaseException as error:
            failures.append(error)

    def follow() -> None:
        try:
            while True:
                is_last_look = finished.is_set()
                with database.read() as connection:
                    found = changes.since(connection, followed[-1].seq if followed else 0, 10)
                followed.extend(found)
                if is_last_look and not found:
                    return
        except BaseException as error:
            failures.append(error)

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write_batches, args=(number,)) for number in numbers]
    for thread in (follower, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    finished.set()
    follower.join(60)
    assert failures == []
    with database.read() as connection:
        everything = changes.since(connection, 0, 10_000)
        stored = connection.scalar(select(func.count()).select_from(event))
    assert followed == everything
    assert len(everything) == stored == WRITERS * BATCHES * 7


_KILLED_WRITER = """
import os, sys
from registry.db import open_database
from tests.support.builders import after, an_event
from tests.support.happenings import write

database = open_database(os.environ["DATABASE_URL"])
for batch in range(100_000):
    events = [an_event(batch * 5 + n, camera=1, at=after(batch)) for n in range(5)]
    print(*write(database, events), flush=True)
"""


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param is Engines.SQLITE:
        return f"sqlite:///{tmp_path}/killed.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.make_database(request.getfixturevalue("migrated_template"))


def test_what_a_killed_writer_had_committed_is_all_there_and_nothing_is_half(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.write() as connection:
        add_cameras(connection, 1)
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED_WRITER],
        env={**os.environ, "DATABASE_URL": url},
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(12)]
    process.send_signal(signal.SIGKILL)
    told += process.stdout.read().splitlines(keepends=True)
    process.wait()
    process.stdout.close()
    committed = {EventId(int(word)) for line in told if line.endswith(b"\n") for word in line.split()}
    with database.read() as connection:
        stored = {EventId(number) for number in connection.scalars(select(event.c.id))}
        changed = [EventId(number) for number in connection.scalars(select(event_change.c.event))]
    database.close()
    assert len(committed) >= 60
    assert committed <= stored
    assert len(stored) % 5 == 0
    assert sorted(changed) == sorted(stored)
