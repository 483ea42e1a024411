"""How many rows the tables have: by that a copy is compared with what it was made of."""

import sqlite3
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, func, inspect, select, table

_OWN: Final = "sqlite_"


def count_rows(connection: Connection, only: Collection[str] = ()) -> dict[str, int]:
    """The number of rows of each table, or of those of `only`, as this transaction sees them."""
    names = sorted(name for name in inspect(connection).get_table_names() if not only or name in only)
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}


def count_sqlite_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """As `count_rows`, of an SQLite file that is opened by itself."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of the schema
        for name in sorted(names)
        if not name.startswith(_OWN)
    }
