"""What PostgreSQL says when it cannot work now is told apart from what a statement is to blame for."""

from collections.abc import Iterator

import pytest

from core.errors import SharpEyesError, Unavailable
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
