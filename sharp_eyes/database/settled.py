"""Has a database do now what it would do by itself later, while something is measured."""

from contextlib import closing, suppress

from sqlalchemy.exc import DBAPIError

from registry.db import Engines, open_database


def settle(url: str) -> None:
    """Have the PostgreSQL server at `url` note which of its pages hold nothing but what all may see: it does so some
    time after so many new rows, and until then no index tells anything by itself. And have it write back all that it
    keeps in its memory, unless it does not allow its user to say so (`pg_checkpoint`). Nothing for SQLite.
    """
    with closing(open_database(url)) as database:
        if database.kind is not Engines.POSTGRESQL:
            return
        with database.glance() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM")
            with suppress(DBAPIError):
                connection.exec_driver_sql("CHECKPOINT")
            connection.exec_driver_sql("RESET statement_timeout")
