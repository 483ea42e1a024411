"""What PostgreSQL says when it cannot work now is told apart from what a statement is to blame for."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import make_url

from core.errors import SharpEyesError, Unavailable
from registry import idle_ping
from registry.db import Database, open_database
from tests.support.postgres import PostgresServer


@pytest.fixture
def server(postgres_server: PostgresServer) -> Iterator[Database]:
    url = postgres_server.make_database()
    database = open_database(url)
    yield database
    database.close()
    postgres_server.drop_database(url)


def fail_with(database: Database, state: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")


@pytest.mark.parametrize("state", ["08006", "25006", "57P01", "57P05", "58030"])
def test_a_server_that_cannot_work_now_is_unavailable(server: Database, state: str) -> None:
    with pytest.raises(Unavailable):
        fail_with(server, state)


@pytest.mark.parametrize("state", ["23514", "22003"])
def test_a_statement_that_is_wrong_is_not_the_servers_fault(server: Database, state: str) -> None:
    with pytest.raises(Exception, match="DO") as raised:
        fail_with(server, state)
    assert not isinstance(raised.value, SharpEyesError)


def cut_off(server: PostgresServer, database: Database) -> None:
    """End all of its connections, as a server does that is started anew."""
    name = make_url(database.place).database
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_connection_that_lay_idle_is_asked_before_it_is_used(
    server: Database, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_ping, "_IDLE_S", 0.0)
    ask(server)
    cut_off(postgres_server, server)
    ask(server)
    with server.write() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (id integer)")


def test_one_that_was_just_in_use_is_not_asked_and_fails_once(
    server: Database, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_ping, "_IDLE_S", 60.0)
    ask(server)
    cut_off(postgres_server, server)
    with pytest.raises(Unavailable):
        ask(server)
    ask(server)


def ask(database: Database) -> None:
    with database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
