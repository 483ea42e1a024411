"""A worker whose database goes away, and which is killed meanwhile: what it made is on record once, or fenced once."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from core.event import EndReason
from core.ids import CameraId
from events.index import changes
from events.index.outcome import Fate
from events.index.tables import event as event_table
from events.index.tables import fenced_event
from events.spool import Spool
from events.storing import drain
from events.takeover import hold_events, take_over
from registry import epochs
from registry.db import Database, Engines
from registry.workers import WorkerId
from tests.support.builders import START, after
from tests.support.happenings import add_cameras
from tests.support.making import STEP_S
from tests.support.postgres import PostgresServer
from tests.support.relay import relay_to

Away = Callable[[], None]


class Link:
    """How the worker reaches its database, which can be taken away from it."""

    def __init__(self, url: str, take_away: Away, give_back: Away) -> None:
        self.url = url
        self.take_away = take_away
        self.give_back = give_back


@pytest.fixture
def link(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Link]:
    if database.kind is Engines.SQLITE:
        with locking(tmp_path / "test.db") as link:
            yield link
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with relay_to(server.port) as relay:
        name = database.place.rsplit("/", 1)[1]
        yield Link(server.url(name).replace(f":{server.port}/", f":{relay.port}/"), relay.go_down, relay.come_up)


@contextmanager
def locking(file: Path) -> Iterator[Link]:
    """SQLite's writer is held by somebody else."""
    other = sqlite3.connect(file, isolation_level=None, timeout=10)
    yield Link(f"sqlite:///{file}", lambda: other.execute("BEGIN IMMEDIATE").close(), other.rollback)
    other.close()


class Maker:
    """The worker, and what it says is safe."""

    def __init__(self, url: str, spool: Path, camera: CameraId) -> None:
        arguments = [sys.executable, "-m", "tests.support.making", url, str(spool), str(camera)]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        self.safe = 0

    def go_on(self, rounds: int) -> None:
        """Wait until it has made so many more rounds of events."""
        assert self._process.stdout is not None
        for _ in range(rounds):
            self.safe = int(self._process.stdout.readline())

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        assert self._process.stdout is not None
        self.safe = max([self.safe, *(int(line) for line in self._process.stdout.read().split())])
        self._process.wait()
        self._process.stdout.close()


def test_every_true_event_is_on_record_once_and_every_false_one_is_fenced_once(
    database: Database, link: Link, tmp_path: Path
) -> None:
    with database.write() as connection:
        camera = add_cameras(connection, 1)[0]
        epochs.take(connection, WorkerId(1), [camera], START)
    maker = Maker(link.url, tmp_path / "spool.db", camera)
    maker.go_on(5)
    link.take_away()
    maker.go_on(2)
    link.give_back()
    maker.go_on(5)
    link.take_away()
    maker.go_on(4)
    maker.kill()
    spool = Spool(tmp_path / "spool.db")
    assert len(spool) > 30

    # Another worker takes over, as of a moment from which on the dead one went on making events.
    link.give_back()
    last_true = maker.safe - 20
    with database.write() as connection:
        hold_events(connection)
        at = after(last_true * STEP_S + STEP_S / 2)
        take_over(connection, epochs.take(connection, WorkerId(2), [camera], at), at)
    fates = drain(spool, database)
    spool.close()
    assert len(Spool(tmp_path / "spool.db")) == 0

    with database.read() as connection:
        stored = connection.execute(select(event_table.c.n, event_table.c.end_reason)).all()
        fenced = set(connection.scalars(select(fenced_event.c.n)))
        told = [(change.event, change.version) for change in changes.since(connection, 0, 100_000)]
    numbers = sorted(row.n for row in stored)
    assert numbers == list(range(1, last_true + 1))
    assert {n for n in fenced if n <= maker.safe} == set(range(last_true + 1, maker.safe + 1))
    assert fates[Fate.FENCED] == len(fenced)
    assert {row.end_reason for row in stored} == {EndReason.LEFT.value}
    assert max(Counter(told).values()) == 1
