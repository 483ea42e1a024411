"""The database's own clock: the one that several machines agree on."""

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from .db import is_sqlite


def server_time(connection: Connection) -> datetime:
    """The time by the database server's clock, UTC; for SQLite that is this machine's."""
    if is_sqlite(connection):
        return datetime.now(UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)
