"""Word tables: a name is kept once, rows hold its number."""

from collections.abc import Collection

from sqlalchemy import Connection, Table, insert, select


def known(connection: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    """The numbers of those of `names` that the table has."""
    if not names:
        return {}
    statement = select(table.c.name, table.c.id).where(table.c.name.in_(names))
    return {row.name: row.id for row in connection.execute(statement)}


def numbers(connection: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    """The numbers of `names`; unknown names are added. For those who hold the lock of `changes`."""
    found = known(connection, table, names)
    for name in sorted(set(names) - set(found)):
        found[name] = connection.execute(insert(table).values(name=name).returning(table.c.id)).scalar_one()
    return found
