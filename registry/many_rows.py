"""Many rows in one go: put in by a statement that is made once, with values that go to the driver as they are."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Table, TextClause, text
from sqlalchemy.dialects import postgresql

from .db import is_sqlite

_POSTGRESQL: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


def put_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[Sequence[Any]], then: str = ""
) -> None:
    """Insert `rows`, values of `columns` as the databases keep them: numbers, texts, None; moments are microseconds.

    `then` is what the statement ends with: `ON CONFLICT ...`. PostgreSQL gets all rows as one statement, in which none
    of them may meet another one.
    """
    if not rows:
        return
    if is_sqlite(connection):
        connection.exec_driver_sql(_for_each(table, columns, then), [tuple(row) for row in rows])
        return
    arrays = {name: array_text(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
    connection.execute(_for_all(table, columns, then), arrays)


def array_text(values: Iterable[int | str | None]) -> str:
    """An array of numbers or texts as PostgreSQL writes it: its driver would look at each of them."""
    return f"{{{','.join(map(_element, values))}}}"


@lru_cache
def _for_each(table: Table, columns: tuple[str, ...], then: str) -> str:
    return f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({', '.join('?' * len(columns))}) {then}"  # noqa: S608


@lru_cache
def _for_all(table: Table, columns: tuple[str, ...], then: str) -> TextClause:
    types = {name: table.c[name].type.compile(_POSTGRESQL) for name in columns}
    arrays = ", ".join(f"CAST(:{name} AS {types[name]}[])" for name in columns)
    return text(f"INSERT INTO {table.name} ({_names(columns)}) SELECT * FROM unnest({arrays}) given {then}")  # noqa: S608


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _element(value: int | str | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)
