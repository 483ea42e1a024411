"""How many rows the tables have: by that a copy is compared with what it was made of."""

import sqlite3
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, func, inspect, select, table

from registry.db import is_sqlite

_PLAIN: Final = (
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
)
"""Without virtual tables and what lies below them: those are indexes, and some cannot be counted."""


def count_rows(connection: Connection, only: Collection[str] = ()) -> dict[str, int]:
    """The number of rows of each table, or of those of `only`, as this transaction sees them."""
    names = [name for name in table_names(connection) if not only or name in only]
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def table_names(connection: Connection) -> list[str]:
    """The names of all tables that hold something of their own, in order."""
    if is_sqlite(connection):
        return sorted(connection.exec_driver_sql(_PLAIN).scalars())
    return sorted(inspect(connection).get_table_names())


def count_sqlite_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """As `count_rows`, of an SQLite file that is opened by itself."""
    names = sorted(name for (name,) in connection.execute(_PLAIN))
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of the schema
        for name in names
    }
