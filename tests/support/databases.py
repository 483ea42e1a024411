"""Databases for tests: SQLite files, and databases of a real PostgreSQL that lives as long as the session.

A test folder takes these fixtures over in its conftest.py: `from tests.support.databases import database, ...`.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection

from registry.db import Database, Engines, open_database
from sharp_eyes.migrate import upgrade

from .postgres import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this session alone. Skips where there are no binaries, or they do not run."""
    with running_postgres() as server:
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


@pytest.fixture(scope="module", params=list(Engines), ids=[kind.value for kind in Engines])
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """As `database`, for all tests of a module: they leave nothing in it."""
    if request.param is Engines.SQLITE:
        yield from _fresh_sqlite(tmp_path_factory.mktemp("shared"))
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


@pytest.fixture
def connection(shared_database: Database) -> Iterator[Connection]:
    """A transaction in the shared database, of which nothing stays. Numbers that PostgreSQL has counted are used up."""
    with suppress(_NothingStays), shared_database.write() as connection:
        yield connection
        raise _NothingStays


class _NothingStays(Exception):
    """Rolls a transaction back."""


def put_sqlite_file(file: Path) -> None:
    """Put a SQLite database with all tables and nothing in them where `file` says."""
    shutil.copy(Path(_migrated_folder().name) / "test.db", file)


def _fresh_sqlite(folder: Path) -> Iterator[Database]:
    file = folder / "test.db"
    put_sqlite_file(file)
    database = open_database(f"sqlite:///{file}")
    yield database
    database.close()


@cache
def _migrated_folder() -> TemporaryDirectory[str]:
    """A folder with a database to be copied, which lives as long as the process: all steps take a third of a second."""
    folder = TemporaryDirectory(prefix="sharp-eyes-sqlite-")
    database = open_database(f"sqlite:///{folder.name}/test.db")
    upgrade(database)
    database.close()
    return folder
