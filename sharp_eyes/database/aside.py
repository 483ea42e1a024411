"""Moving a PostgreSQL database's tables aside while others take their place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, inspect

from registry.db import Database

_SCHEMA: Final = "sharp_eyes_replaced"


@contextmanager
def moved_aside(database: Database) -> Iterator[None]:
    """The tables of `database` are away; they come back if the context fails, and are removed if it ends well.

    After a restore that was killed they are found aside still, and stay there until one ends well.
    """
    with database.write() as connection:
        if _is_there(connection):
            _drop(connection)
        elif names := inspect(connection).get_table_names():
            connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
            for name in names:
                connection.exec_driver_sql(f'ALTER TABLE "{name}" SET SCHEMA {_SCHEMA}')
    try:
        yield
    except BaseException:
        with database.write() as connection:
            if _is_there(connection):
                _drop(connection)
                own = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
                for name in inspect(connection).get_table_names(schema=_SCHEMA):
                    connection.exec_driver_sql(f'ALTER TABLE {_SCHEMA}."{name}" SET SCHEMA "{own}"')
                connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA}")
        raise
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")


def _is_there(connection: Connection) -> bool:
    return _SCHEMA in inspect(connection).get_schema_names()


def _drop(connection: Connection) -> None:
    """Remove what a restore that failed has made."""
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
