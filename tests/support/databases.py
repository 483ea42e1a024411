"""Databases for tests: SQLite files, and databases of a real PostgreSQL that lives as long as the session.

A test folder takes these fixtures over in its conftest.py: `from tests.support.databases import database, ...`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database with all tables and nothing in them."""
    yield from _fresh_sqlite(tmp_path)


def _fresh_sqlite(folder: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{folder}/test.db")
    upgrade(database)
    yield database
    database.close()
