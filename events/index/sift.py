"""Sifts events that were found under a key: by conditions on their rows, and by what their ids alone say."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, text

from registry.db import is_sqlite

from ..number_lists import listed
from . import conditions
from .conditions import Condition
from .seek import JOINED, Asked, in_order

Ids = NDArray[np.int64]


def sift(connection: Connection, ids: Ids, fitting: Sequence[Condition], asked: Asked) -> tuple[Ids, Ids | None]:
    """Those of `ids` for which `fitting` holds, in the order, and with the departments, that are asked for."""
    if not ids.size or not (fitting or asked.with_departments):
        return ids, np.empty(0, np.int64) if asked.with_departments else None
    embedded = is_sqlite(connection)
    given = {"ids": listed(ids.tolist(), embedded=embedded), **conditions.given(fitting, embedded=embedded)}
    statement = _statement(embedded, tuple(one.name for one in fitting), asked.with_departments)
    return in_order(connection.execute(statement, given).one(), asked.order)


@lru_cache(maxsize=1_024)
def _statement(embedded: bool, names: tuple[str, ...], with_departments: bool) -> TextClause:
    told = ("id", "department") if with_departments else ("id",)
    columns = ", ".join(sorted(conditions.columns(names) | set(told)))
    # Each id is looked up: planners that expect too many would rather read the whole table.
    if embedded:
        source = "json_each(:ids) k CROSS JOIN event e WHERE e.id = k.value AND"
    else:
        found = f"SELECT {columns} FROM event WHERE event.id = k.value OFFSET 0"  # noqa: S608 - constant text
        source = f"unnest(CAST(:ids AS bigint[])) k(value) CROSS JOIN LATERAL ({found}) e WHERE"
    answers = ", ".join(JOINED[embedded].format(f"e.{name}") for name in told)
    return text(f"SELECT {answers} FROM {source} {conditions.words(names, embedded=embedded)}")  # noqa: S608
