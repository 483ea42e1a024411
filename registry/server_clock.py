"""The database's own clock: the one that several machines agree on."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, literal, select

from .columns import to_microseconds
from .db import is_sqlite


def server_time(connection: Connection) -> datetime:
    """The time by the database server's clock, UTC; for SQLite that is this machine's."""
    if is_sqlite(connection):
        return datetime.now(UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def server_microseconds(connection: Connection) -> ColumnElement[int]:
    """The same as an expression, as instants are stored: a statement needs no question before it then."""
    if is_sqlite(connection):
        return literal(to_microseconds(datetime.now(UTC)), BigInteger)
    return cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)


def server_up_for(connection: Connection) -> timedelta | None:
    """How long the database's server has been up; None for SQLite, which has none."""
    if is_sqlite(connection):
        return None
    up: timedelta = connection.execute(select(func.clock_timestamp() - func.pg_postmaster_start_time())).scalar_one()
    return up
