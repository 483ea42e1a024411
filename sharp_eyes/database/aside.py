"""Moving a PostgreSQL database's content aside while other content takes its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, bindparam, inspect, text

from registry.db import Database

_SCHEMA: Final = "sharp_eyes_replaced"
_FUNCTIONS: Final = text(
    "SELECT f.oid::regprocedure::text FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace "
    "WHERE n.nspname = :schema AND NOT EXISTS "
    "(SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')"
).bindparams(bindparam("schema"))
"""Those that indexes are made of; not those of extensions."""


@contextmanager
def moved_aside(database: Database) -> Iterator[None]:
    """The content of `database` is away; it comes back if the context fails, and is removed if it ends well.

    After a restore that was killed it is found aside still, and stays there until one ends well.
    """
    with database.write() as connection:
        if _is_there(connection):
            _drop(connection)
        elif inspect(connection).get_table_names():
            connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
            _move(connection, _own_schema(connection), _SCHEMA)
    try:
        yield
    except BaseException:
        with database.write() as connection:
            if _is_there(connection):
                _drop(connection)
                _move(connection, _SCHEMA, _own_schema(connection))
                connection.exec_driver_sql(f"DROP SCHEMA {_SCHEMA}")
        raise
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")


def _is_there(connection: Connection) -> bool:
    return _SCHEMA in inspect(connection).get_schema_names()


def _own_schema(connection: Connection) -> str:
    own: str = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    return own


def _move(connection: Connection, here: str, there: str) -> None:
    for function in list(connection.execute(_FUNCTIONS, {"schema": here}).scalars()):
        connection.exec_driver_sql(f'ALTER FUNCTION {function} SET SCHEMA "{there}"')
    for name in inspect(connection).get_table_names(schema=here):
        connection.exec_driver_sql(f'ALTER TABLE "{here}"."{name}" SET SCHEMA "{there}"')


def _drop(connection: Connection) -> None:
    """Remove what a restore that failed has made."""
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    for function in list(connection.execute(_FUNCTIONS, {"schema": _own_schema(connection)}).scalars()):
        connection.exec_driver_sql(f"DROP FUNCTION {function}")
