"""Rows as they are hashed, read by their numbers."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, text

from .chain import COLUMNS, Values, by_row

_DENSE: Final = 4
"""A stretch of numbers is read in one go where no more rows than so many times those wanted can lie in it."""
_COLUMNS: Final = ", ".join(COLUMNS)
_STRETCH: Final = text(f"SELECT {_COLUMNS} FROM audit_row WHERE id >= :low AND id <= :high")  # noqa: S608
_SOME: Final = text(f"SELECT {_COLUMNS} FROM audit_row WHERE id IN :rows").bindparams(  # noqa: S608
    bindparam("rows", expanding=True)
)
_DEPARTMENTS_OF_STRETCH: Final = text("SELECT row, department FROM audit_department WHERE row >= :low AND row <= :high")
_DEPARTMENTS_OF_SOME: Final = text("SELECT row, department FROM audit_department WHERE row IN :rows").bindparams(
    bindparam("rows", expanding=True)
)


def read_rows(connection: Connection, numbers: Sequence[Any]) -> tuple[dict[int, Values], dict[Any, list[int]]]:
    """The rows of `numbers` that are there, and whose they are; maybe others of about these numbers too. SQLite takes
    anything for a number, so some may be none.

    They are not joined with what names them: PostgreSQL would read the whole record to find some thousands.
    """
    wanted = [number for number in numbers if isinstance(number, int)]
    if not wanted:
        return {}, {}
    low, high = min(wanted), max(wanted)
    if high - low < _DENSE * len(wanted):
        bounds = {"low": low, "high": high}
        rows = connection.execute(_STRETCH, bounds).all()
        departments = connection.execute(_DEPARTMENTS_OF_STRETCH, bounds).all()
    else:
        rows = connection.execute(_SOME, {"rows": wanted}).all()
        departments = connection.execute(_DEPARTMENTS_OF_SOME, {"rows": wanted}).all()
    return {row[0]: tuple(row) for row in rows}, by_row(departments)
