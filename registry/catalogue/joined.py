"""Columns of many rows, each handed over as one value: to turn thousands of rows into objects takes ten times as long,
and a hundred times that on SQLite where other threads are busy, since each row then waits for the interpreter."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from ..db import is_sqlite

Numbers = NDArray[np.int64]
Degrees = NDArray[np.float64]

_BITS: Final = 55
"""Degrees of 1/8 and more are whole numbers of 2**-55, and 180 of them still fit eight bytes."""
_UNKNOWN: Final = -(1 << 63)
_WHOLE: Final = f"CAST({{0}} * (1 << {_BITS}) AS INTEGER)"


def read_columns(
    connection: Connection,
    source: str,
    *,
    numbers: Sequence[str],
    degrees: Sequence[str] = (),
    begin: str = "",
    given: Mapping[str, Any] | None = None,
) -> tuple[list[Numbers], list[Degrees]]:
    """Columns of all rows of `{begin} SELECT ... FROM {source}`, in no order, but all in the same one: whole numbers,
    none of them NULL, and degrees between -180 and 180, NaN for NULL. Each is an array of shape (rows,).

    Degrees are exact: to the last bit on PostgreSQL, to 2**-110 on SQLite.
    """
    embedded = is_sqlite(connection)
    told = [(_TEXT if embedded else _BYTES).format(one) for one in numbers]
    for one in degrees:
        told += [form.format(one) for form in (_SCALED if embedded else _SENT)]
    row = connection.execute(
        text(f"{begin} SELECT {', '.join(told)} FROM {source}"),  # noqa: S608 - constant text
        given or {},
    ).one()
    if embedded:
        arrays = [np.fromstring(one or "", np.int64, sep=",") for one in row]
        scaled = arrays[len(numbers) :]
        return arrays[: len(numbers)], [_degrees(*pair) for pair in zip(scaled[::2], scaled[1::2], strict=True)]
    return (
        [np.frombuffer(one or b"", ">i8").astype(np.int64) for one in row[: len(numbers)]],
        [np.frombuffer(one or b"", ">f8").astype(np.float64) for one in row[len(numbers) :]],
    )


_TEXT: Final = "group_concat({0})"
_BYTES: Final = "string_agg(int8send(CAST({0} AS bigint)), '')"
_SENT: Final = ("string_agg(float8send(coalesce({0}, 'NaN')), '')",)
# What SQLite writes as a decimal is not always read back as the same number, not even by `quote`. So it tells the whole
# units, and what is left of them in units of those, which is 0 but for places next to the equator or to Greenwich.
_SCALED: Final = (
    f"group_concat(coalesce({_WHOLE}, {_UNKNOWN}))",
    f"group_concat(coalesce(CAST(({{0}} * (1 << {_BITS}) - {_WHOLE}) * (1 << {_BITS}) AS INTEGER), 0))",
)


def _degrees(whole: Numbers, left: Numbers) -> Degrees:
    unit = 2.0**-_BITS
    degrees: Degrees = (whole + left * unit) * unit
    degrees[whole == _UNKNOWN] = np.nan
    return degrees
