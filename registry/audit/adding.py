"""Adds rows to the record, each with whose it is and where it waits for its seal: constant statements, since every look
waits for them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql

from ..db import is_sqlite
from ..many_rows import array_text, put_rows
from .tables import audit_department, audit_row, audit_unsealed

COLUMNS: Final = tuple(column.name for column in audit_row.c if column is not audit_row.c.id)
"""Of a row, besides its number."""
Row = tuple[tuple[Any, ...], Sequence[int]]
"""The values of `COLUMNS` as the databases keep them, moments in microseconds, and the departments that see the row."""

_NAMES: Final = ", ".join(COLUMNS)
_ON_SQLITE: Final = f"INSERT INTO audit_row ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))}) RETURNING id"  # noqa: S608 - constant text


def _postgresql() -> str:
    """All in one statement: each would be a way to the server and back."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = {name: audit_row.c[name].type.compile(dialect) for name in COLUMNS}
    arrays = ", ".join(f"CAST(:{name} AS {types[name]}[])" for name in COLUMNS)
    return f"""
        WITH given AS MATERIALIZED (
            SELECT nextval(pg_get_serial_sequence('audit_row', 'id')) AS id, {_NAMES}, departments
            FROM unnest({arrays}, CAST(:departments AS text[])) many ({_NAMES}, departments)
        ), added AS (
            INSERT INTO audit_row (id, {_NAMES}) SELECT id, {_NAMES} FROM given
        ), seen AS (
            INSERT INTO audit_department (department, "row")
            SELECT CAST(one AS integer), id FROM given CROSS JOIN LATERAL unnest(string_to_array(departments, ',')) one
        ), waiting AS (
            INSERT INTO audit_unsealed ("row") SELECT id FROM given
        )
        SELECT id FROM given ORDER BY id
    """  # noqa: S608 - constant text


_ON_POSTGRESQL: Final = text(_postgresql())


def add_rows(connection: Connection, rows: Sequence[Row]) -> list[int]:
    """Add `rows`; their numbers, ascending, in the same order."""
    if not is_sqlite(connection):
        columns = zip(COLUMNS, zip(*(values for values, _ in rows), strict=True), strict=True)
        given = {name: array_text(values) for name, values in columns}
        given["departments"] = array_text(",".join(map(str, departments)) for _, departments in rows)
        return [int(number) for number in connection.scalars(_ON_POSTGRESQL, given)]
    numbers = [int(connection.exec_driver_sql(_ON_SQLITE, values).scalar_one()) for values, _ in rows]
    owned = [(number, one) for number, (_, departments) in zip(numbers, rows, strict=True) for one in departments]
    put_rows(connection, audit_department, ("row", "department"), owned)
    put_rows(connection, audit_unsealed, ("row",), [(number,) for number in numbers])
    return numbers
