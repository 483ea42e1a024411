"""A new sealing key, while everything goes on: on SQLite and PostgreSQL."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.camera import Login, Stream, StreamRole
from core.errors import BadInput
from registry import cameras, key_ring, sealing_key, stream_secrets, streams, version
from registry.db import Database, Engines, open_database
from registry.key_ring import KeyRing
from registry.key_rotation import Resealed, logins_by_key, reseal_logins
from registry.sealing_key import SealingKey
from registry.tables import stream_secret
from sharp_eyes.migrate import upgrade
from tests.support.postgres import PostgresServer

KILLED_AFTER_A_BATCH = """
import os, sys
from pathlib import Path
from registry import key_ring
from registry.db import open_database
from registry.key_rotation import reseal_logins
keys = key_ring.open_files(Path(sys.argv[1]))
reseal_logins(open_database(sys.stdin.read()), keys, lambda done: os.kill(os.getpid(), 9))
"""
MANY = 250
"""Logins: more than one batch."""


def add_streams(database: Database, keys: KeyRing, number: int) -> list[Stream]:
    """That many cameras, each with a stream and a login."""
    with database.write() as connection:
        made = []
        for one in range(number):
            camera = cameras.add(connection, name=f"gate {one}").id
            stream = streams.add(connection, camera=camera, role=StreamRole.DETECT, url=f"rtsp://10.0.0.1/{one}")
            stream_secrets.put(connection, keys, stream, login_of(stream))
            made.append(stream)
    return made


def login_of(stream: Stream) -> Login:
    return Login("ann", f"s3cret {stream.id}")


def rotated(path: Path) -> KeyRing:
    """The ring after a new key was put in place."""
    files = key_ring.KeyFiles(path)
    current = key_ring.open_files(path).current
    sealing_key.replace(path, files.former / f"{current.id}.key")
    return KeyRing(files)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "sealing.key"


def test_after_a_rotation_every_login_opens_with_the_new_key_alone(database: Database, path: Path) -> None:
    before = add_streams(database, key_ring.open_files(path), 3)
    keys = rotated(path)
    assert reseal_logins(database, keys) == Resealed(from_former=3)
    alone = key_ring.ring_of(keys.current)
    with database.read() as connection:
        assert [stream_secrets.get(connection, alone, stream) for stream in before] == [
            login_of(stream) for stream in before
        ]
        assert logins_by_key(connection) == {keys.current.id: 3}


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with all tables and nothing in them."""
    if request.param is Engines.SQLITE:
        yield f"sqlite:///{tmp_path}/test.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.make_database()
    yield made
    server.drop_database(made)


def test_a_rotation_that_was_killed_half_way_is_finished_by_repeating_it(url: str, path: Path) -> None:
    database = open_database(url)
    upgrade(database)
    before = add_streams(database, key_ring.open_files(path), MANY)
    keys = rotated(path)
    killed = subprocess.run([sys.executable, "-c", KILLED_AFTER_A_BATCH, str(path)], input=url, text=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with database.read() as connection:
        halves = logins_by_key(connection)
        assert len(halves) == 2
        opened = [stream_secrets.get(connection, keys, stream) for stream in before]
    assert opened == [login_of(stream) for stream in before]
    rest = halves[keys.keys[1].id]
    assert 0 < rest < MANY
    assert reseal_logins(database, keys) == Resealed(from_former=rest)
    with database.read() as connection:
        assert logins_by_key(connection) == {keys.current.id: MANY}
    database.close()


def test_who_runs_on_opens_and_seals_with_the_new_key(database: Database, path: Path) -> None:
    running = key_ring.open_files(path)
    first, second = add_streams(database, running, 2)
    reseal_logins(database, rotated(path))
    with database.write() as connection:
        assert stream_secrets.get(connection, running, first) == login_of(first)
        stream_secrets.put(connection, running, second, Login("bob", "new"))
        assert logins_by_key(connection) == {KeyRing(key_ring.KeyFiles(path)).current.id: 2}


def test_a_sealed_login_is_known_again_after_a_rotation_and_a_new_one_is_not(database: Database, path: Path) -> None:
    keys = key_ring.open_files(path)
    (stream,) = add_streams(database, keys, 1)
    with database.read() as connection:
        before = connection.scalar(select(stream_secret.c.sealed))
        registry_version = version.current(connection)
    reseal_logins(database, rotated(path))
    with database.write() as connection:
        after = connection.scalar(select(stream_secret.c.sealed))
        assert version.current(connection) == registry_version
        stream_secrets.put(connection, keys, stream, login_of(stream))
        anew = connection.scalar(select(stream_secret.c.sealed))
    assert before != after
    assert stream_secrets.same_login(before, after)
    assert not stream_secrets.same_login(after, anew)
    assert not stream_secrets.same_login(after, None)
    assert stream_secrets.same_login(None, None)


class Meddling:
    """Keys that somebody else's change comes in between with: `meddle` is called when they are next looked at."""

    def __init__(self, keys: Sequence[SealingKey]) -> None:
        self._keys = keys
        self.meddle: Callable[[], None] | None = None

    def mark(self) -> object:
        meddle, self.meddle = self.meddle, None
        if meddle is not None:
            meddle()
        return None

    def read(self) -> Sequence[SealingKey]:
        return self._keys


def test_a_login_that_is_changed_while_it_is_sealed_stays_as_it_was_changed(database: Database, path: Path) -> None:
    first, second = add_streams(database, key_ring.open_files(path), 2)
    source = Meddling(rotated(path).keys)
    keys = KeyRing(source)
    others = key_ring.ring_of(keys.current)

    def change() -> None:
        with database.write() as connection:
            stream_secrets.put(connection, others, second, Login("bob", "new"))

    def arm() -> None:
        source.meddle = change

    source.meddle = arm  # The first look is before the logins are read, the second one after.
    reseal_logins(database, keys)
    with database.read() as connection:
        assert stream_secrets.get(connection, keys, first) == login_of(first)
        assert stream_secrets.get(connection, keys, second) == Login("bob", "new")


def test_logins_of_an_earlier_version_are_marked(database: Database, path: Path) -> None:
    keys = key_ring.open_files(path)
    add_streams(database, keys, 1)
    with database.write() as connection:
        connection.execute(update(stream_secret).values(key_id=""))
    assert reseal_logins(database, keys) == Resealed(marked=1)
    with database.read() as connection:
        assert logins_by_key(connection) == {keys.current.id: 1}


def test_a_login_that_no_key_opens_is_told_and_left_as_it_is(database: Database, path: Path) -> None:
    lost, kept = add_streams(database, key_ring.open_files(path), 2)
    with database.write() as connection:
        stream_secrets.put(connection, key_ring.open_files(path.with_name("lost.key")), lost, login_of(lost))
    keys = rotated(path)
    assert reseal_logins(database, keys) == Resealed(from_former=1, unopened=[lost.camera])
    with database.read() as connection:
        assert stream_secrets.get(connection, keys, kept) == login_of(kept)
        with pytest.raises(BadInput, match="cannot be opened"):
            stream_secrets.get(connection, keys, lost)
