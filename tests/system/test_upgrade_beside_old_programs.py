"""The tables are brought to the newest form while programs of the form before go on: expand first, contract later."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event as Flag

import pytest
from alembic import command
from sqlalchemy import text

from core.errors import Unavailable
from events.tallies.recount import difference
from registry.db import Database, Engines, open_database
from sharp_eyes.migrate import configuration, newest_form, pending, upgrade
from tests.support.builders import FakeClock
from tests.support.postgres import PostgresServer
from tests.support.program import run_command
from tests.support.waiting import wait_for

BEFORE = "0006"
NEXT = "0007"

OLD_PROGRAM = '''
"""The statements of a program that knows the form 0006, in one transaction a round, until its input ends."""
import sys, threading
from sqlalchemy import text
from registry.db import open_database

database = open_database(sys.stdin.readline().strip())
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
STATEMENTS = [text(statement) for statement in (
    "UPDATE camera_counter SET last = :n",
    "INSERT INTO camera (id, name, department, enabled) VALUES (:n, :name, 1, true)",
    "INSERT INTO stream (id, camera, role, url) VALUES (:n, :n, 'detect', 'rtsp://10.0.0.1/')",
    "INSERT INTO stream_secret (stream, sealed) VALUES (:n, :sealed)",
    "INSERT INTO camera_epoch (camera, epoch, worker, from_at) VALUES (:n, 1, 1, :n)",
    "UPDATE worker SET heartbeat_at = :n",
    "INSERT INTO stream_state (stream, camera, state, since, reason, counters, seen_at)"
    " VALUES (1, 1, 'live', :n, '', '{}', :n)"
    " ON CONFLICT (stream) DO UPDATE SET since = excluded.since, seen_at = excluded.seen_at",
    "INSERT INTO event (id, epoch, n, version, camera, department, label, kind, severity, rule, rule_name,"
    " last_seen_at) VALUES (:n, 1, :n, 1, :n, 1, 1, 1, 1, 1, 1, :n)",
    "INSERT INTO event_change (event, version) VALUES (:n, 1)",
    "INSERT INTO event_media (event, kind, state, made_at) VALUES (:n, 'snapshot', 'pending', :n)",
    "UPDATE event_media SET state = 'ready', blob_key = :name, bytes = :n WHERE event = :n",
    "INSERT INTO subscription (id, department, name, url, filter, min_severity, hours, moments, group_by, cool_down_s,"
    " state, after_seq, made_by, made_at, changed_at)"
    " VALUES (:n, 1, :name, 'https://example.org/', '{}', 4, '[]', 'started', 'none', 0, 'active', 0, 'x', :n, :n)",
    "INSERT INTO delivery (subscription, kind, event, version, moment, message_id, state, made_at, due_at)"
    " VALUES (:n, 'event', :n, 1, 'started', :name, 'waiting', :n, :n)",
    "INSERT INTO legal_hold (id, name, reason, event, made_by, made_at) VALUES (:n, :name, 'court', :n, 'x', :n)",
    "UPDATE registry_version SET version = version + 1",
    "UPDATE department SET contact = :name, revision = revision + 1 WHERE id = 1",
    "INSERT INTO camera_import (id, file, state, dry_run, done, created, changed, unchanged, refused, started_at)"
    " VALUES (:n, 'cameras.csv', 'done', false, 0, 0, 0, 0, 0, :n)",
)]
with database.write() as connection:
    connection.execute(text(
        "INSERT INTO worker (pid, started_at, heartbeat_at, port, token) VALUES (1, 0, 0, 1, 'token')"))
n = 0
while not stop.is_set():
    n += 1
    with database.write() as connection:
        for statement in STATEMENTS:
            connection.execute(statement, {"n": n, "name": f"camera {n}", "sealed": b"sealed"})
    with database.read() as connection:
        rows = connection.execute(text("SELECT id, name, enabled, longitude FROM camera WHERE deleted_at IS NULL"))
        assert len(rows.all()) == n
        index = "INDEXED BY ix_event_long" if database.kind == "sqlite" else ""
        assert connection.execute(text(
            f"SELECT count(*) FROM event {index} WHERE (coalesce(ended_at, last_seen_at)"
            " - ((id >> 22) * 1000 + 1704067200000000)) > 3600000000")).scalar_one() == 0
    print(n, flush=True)
'''


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the form before the newest."""
    server: PostgresServer | None = None
    if request.param is Engines.SQLITE:
        made = f"sqlite:///{tmp_path}/sharp-eyes.db"
    else:
        server = request.getfixturevalue("postgres_server")
        made = server.make_database()
    database = open_database(made)
    to_form_before(database)
    database.close()
    yield made
    if server is not None:
        server.drop_database(made)


def to_form_before(database: Database) -> None:
    with database.write() as connection:
        command.upgrade(configuration(connection), BEFORE)
        if database.kind is Engines.SQLITE:
            connection.exec_driver_sql("PRAGMA application_id=1399342457")


class OldProgram:
    """A process that writes as a program of the form before does."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OLD_PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(url + "\n")
        self._process.stdin.flush()
        self.rounds = 0
        self._reader = threading.Thread(target=self._count)
        self._reader.start()

    def _count(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.rounds = int(line)

    def goes_on(self) -> None:
        """Wait for five more rounds."""
        seen = self.rounds
        wait_for(lambda: self.rounds >= seen + 5 or self._process.poll() is not None, "the old program writes", 30)

    def end(self) -> str:
        """Let it end after its round; what it complained of."""
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.close()
        complaints = self._process.stderr.read()
        self._process.wait(30)
        self._reader.join(30)
        return complaints


def test_an_old_program_writes_before_while_and_after_the_tables_are_changed(url: str) -> None:
    assert newest_form() == NEXT, "a newer form: let OLD_PROGRAM be one of the form before it"
    old = OldProgram(url)
    old.goes_on()
    database = open_database(url)
    try:
        assert pending(database)
        upgrade(database)
        assert not pending(database)
        old.goes_on()
        assert old.end() == ""
        with database.read() as connection:
            for table in ("camera", "stream_secret", "event", "event_change", "camera_epoch", "camera_import"):
                assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == old.rounds  # noqa: S608
            assert connection.execute(text("SELECT sum(count) FROM event_tally")).scalar_one() == 12 * old.rounds
            assert difference(connection) == []
    finally:
        database.close()


@contextmanager
def somebody_writes_for_long(url: str, until: Flag) -> Iterator[None]:
    """A transaction that has written to events, and does not end before `until` is set."""
    database, began = open_database(url), Flag()

    def write() -> None:
        with database.write() as connection:
            connection.execute(text("DELETE FROM event WHERE id = 0"))
            began.set()
            until.wait(60)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert began.wait(30)
        yield
    finally:
        until.set()
        thread.join(30)
        database.close()


class ReadsMeanwhile(FakeClock):
    """While the upgrade rests, departments can be changed at once; after the third rest the long transaction ends."""

    def __init__(self, database: Database, until: Flag) -> None:
        super().__init__()
        self._database = database
        self._until = until
        self.rests = 0
        self.read_at_once = True

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        self.rests += 1
        try:
            with self._database.write() as connection:
                connection.execute(text("SET LOCAL lock_timeout = '1s'"))
                connection.execute(text("UPDATE department SET contact = 'nobody'"))
        except Unavailable:
            self.read_at_once = False
        if self.rests == 3:
            self._until.set()
        return super().sleep(seconds, wake)


def test_a_long_transaction_makes_the_upgrade_wait_and_not_the_city(postgres_server: PostgresServer) -> None:
    url = postgres_server.make_database()
    database, until, now = open_database(url), Flag(), datetime.now().astimezone()
    try:
        to_form_before(database)
        clock = ReadsMeanwhile(database, until)
        with somebody_writes_for_long(url, until):
            upgrade(database, clock)
        assert clock.rests >= 3
        assert clock.read_at_once
        assert not pending(database)
        assert (datetime.now().astimezone() - now).total_seconds() < 30
    finally:
        database.close()
        postgres_server.drop_database(url)


def test_the_upgrade_gives_up_where_the_tables_stay_in_use(postgres_server: PostgresServer) -> None:
    url = postgres_server.make_database()
    database, until = open_database(url), Flag()
    try:
        to_form_before(database)

        class Impatient(FakeClock):
            def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
                raise Unavailable("somebody stopped the program")

        with somebody_writes_for_long(url, until), pytest.raises(Unavailable, match="somebody stopped"):
            upgrade(database, Impatient())
        assert pending(database)
    finally:
        database.close()
        postgres_server.drop_database(url)


def test_the_command_tells_the_form_before_and_after(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/sharp-eyes.db")
    to_form_before(database)
    database.close()
    done = run_command("db", "upgrade", environment={"SHARP_EYES_DATA": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert f"form {NEXT}, was {BEFORE}" in done.stdout
