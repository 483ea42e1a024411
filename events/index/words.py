"""Word tables: a name is kept once, rows hold its number."""

import json
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, Table, TextClause, insert, text

from registry.db import is_reading, is_sqlite
from registry.per_database import PerDatabase

_kept: Final[PerDatabase[defaultdict[str, dict[str, int]]]] = PerDatabase(lambda: defaultdict(dict))
"""What was read of each table by connections for reading: a word that was committed stays as it is."""


def known(connection: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    """The numbers of those of `names` that the table has."""
    if not is_reading(connection):
        return _read(connection, table, names)
    kept = _kept.of(connection)[table.name]
    kept.update(_read(connection, table, [name for name in names if name not in kept]))
    return {name: kept[name] for name in names if name in kept}


def _read(connection: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    if not names:
        return {}
    embedded, asked = is_sqlite(connection), sorted(names)
    given = {"names": json.dumps(asked) if embedded else asked}
    return dict(connection.execute(_known(table, embedded=embedded), given).all())


def numbers(connection: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    """The numbers of `names`; unknown names are added. For those who hold the lock of `changes`."""
    found = known(connection, table, names)
    for name in sorted(set(names) - set(found)):
        found[name] = connection.execute(insert(table).values(name=name).returning(table.c.id)).scalar_one()
    return found


@lru_cache
def _known(table: Table, *, embedded: bool) -> TextClause:
    among = "IN (SELECT value FROM json_each(:names))" if embedded else "= ANY(CAST(:names AS text[]))"
    return text(f"SELECT name, id FROM {table.name} WHERE name {among}")  # noqa: S608 - a name of ours
