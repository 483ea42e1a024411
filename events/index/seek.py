"""Walks along one key of the index, in the order of ids, and tells what fits on the way.

Statements are constant text: putting them together for each search would cost more than running them. The database
tells ids as one text: turning thousands of rows into objects would take ten times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, text

from core.ids import EventId
from registry.db import is_sqlite

from . import conditions
from .conditions import LONG, Condition
from .event_filter import Order
from .stretch import Stretch


class Along(Enum):
    """The key that is walked along, by the columns of its index."""

    ALL = ()
    LABEL = ("label",)
    KIND = ("kind",)
    SEVERITY = ("severity",)
    CAMERA = ("camera",)
    CAMERA_AND_LABEL = ("camera", "label")
    DEPARTMENT = ("department",)
    DEPARTMENT_AND_LABEL = ("department", "label")
    LONG = ("long",)
    """Events that lasted for more than an hour."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a walk is to find."""

    ids: Stretch
    """Among these."""
    limit: int
    """After so many on the way it ends, where the way can."""
    order: Order
    with_departments: bool
    """Whether those of the events are told, too."""
    parts: tuple[Stretch, ...] = ()
    """Only these of `ids`, in the order of the walk, where the way can leap; without them all."""

    def up_to(self, number: EventId) -> "Asked":
        """The same, as far as it comes before `number`, which lies in it, and `number`."""
        ids = self.ids.up_to(number, self.order)
        parts = tuple(part for one in self.parts if (part := one.within(ids)) is not None)
        return replace(self, ids=ids, parts=parts)


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """What a walk came to."""

    ids: NDArray[np.int64]
    """Those that fit, in the order of the walk."""
    departments: NDArray[np.int64] | None
    """Theirs, where they were asked for."""
    number: int
    """How many there were on the way."""
    until: EventId | None
    """The last one that was looked at; None: there are none after it."""


_LATIN: Final = {Order.NEWEST: ("DESC", "min"), Order.OLDEST: ("ASC", "max")}
JOINED: Final = {True: "group_concat({})", False: "string_agg(CAST({} AS text), ',')"}


def walk(
    connection: Connection,
    along: Along,
    numbers: Sequence[int],
    fitting: Sequence[Condition],
    asked: Asked,
) -> Walked:
    """The first events under the key, as many as are asked for: those for which `fitting` holds.

    `numbers` are the key's, one for each of its columns.
    """
    embedded = is_sqlite(connection)
    given: dict[str, Any] = {"lowest": asked.ids.lowest, "highest": asked.ids.highest, "limit": asked.limit}
    given |= {f"key_{place}": number for place, number in enumerate(numbers)}
    given |= conditions.given(fitting, embedded=embedded)
    names = tuple(one.name for one in fitting)
    statement = _statement(embedded, along, asked.order, names, asked.with_departments)
    number, last, *told = connection.execute(statement, given).one()
    ids, departments = in_order(told, asked.order)
    return Walked(ids, departments, number, EventId(last) if number >= asked.limit else None)


def in_order(told: Sequence[str | None], order: Order) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Ids as the database told them, and maybe their departments, in `order`."""
    ids = np.fromstring(told[0] or "", np.int64, sep=",")
    by_id = np.argsort(ids)
    if order is Order.NEWEST:
        by_id = by_id[::-1]
    departments = None if len(told) == 1 else np.fromstring(told[1] or "", np.int64, sep=",")[by_id]
    return ids[by_id], departments


def merged(steps: Sequence[Walked], asked: Asked) -> Walked:
    """What several walks from one place came to, as far as all of them went."""
    newest_first = asked.order is Order.NEWEST
    ends = [step.until for step in steps if step.until is not None]
    until = None if not ends else max(ends) if newest_first else min(ends)
    ids = np.concatenate([step.ids for step in steps])
    # An event of a department may be one of a camera that is a key beside it.
    _, by_id = np.unique(ids, return_index=True)
    by_id = by_id[::-1] if newest_first else by_id
    if until is not None:
        by_id = by_id[ids[by_id] >= until] if newest_first else by_id[ids[by_id] <= until]
    departments = None
    if asked.with_departments:
        departments = np.concatenate([step.departments for step in steps if step.departments is not None])[by_id]
    return Walked(ids[by_id], departments, sum(step.number for step in steps), until)


@lru_cache(maxsize=4_096)
def _statement(
    embedded: bool, along: Along, order: Order, names: tuple[str, ...], with_departments: bool
) -> TextClause:
    direction, last = _LATIN[order]
    told = ("id", "department") if with_departments else ("id",)
    columns = sorted(conditions.columns(names) | set(told))
    fit = f" FILTER (WHERE {conditions.words(names, embedded=embedded)})" if names else ""
    answers = ", ".join(JOINED[embedded].format(f"e.{name}") + fit for name in told)
    source = _walked(embedded, along, direction)
    return text(
        f"SELECT count(*), {last}(e.id), {answers} "  # noqa: S608 - constant text
        f"FROM (SELECT {', '.join(columns)} FROM event {source} LIMIT :limit) e"
    )


def _walked(embedded: bool, along: Along, direction: str) -> str:
    between = "id BETWEEN :lowest AND :highest"
    match along:
        case Along.ALL:
            return f"WHERE {between} ORDER BY id {direction}"
        case Along.LONG:
            index = "INDEXED BY ix_event_lasting " if embedded else ""
            return f"{index}WHERE {LONG} AND {between} ORDER BY id {direction}"
    return _keyed(along.value, [f":key_{place}" for place in range(len(along.value))], embedded, direction)


def _keyed(columns: Sequence[str], values: Sequence[str], embedded: bool, direction: str) -> str:
    """The rows of `event` under a key, from `:lowest` to `:highest`, by the index of these columns and no other one.

    Where a label is rare, or ids are new and the statistics old, both planners are tempted to walk over all events and
    sift them. SQLite is told the index; for PostgreSQL the key and the id are compared as one, which only that index
    can do.
    """
    if embedded:
        equal = " AND ".join(f"{column} = {value}" for column, value in zip(columns, values, strict=True))
        index = f"INDEXED BY ix_event_{'_'.join(columns)}_id"
        return f"{index} WHERE {equal} AND id BETWEEN :lowest AND :highest ORDER BY id {direction}"
    row, key = ", ".join(columns), ", ".join(values)
    ordered = ", ".join(f"{column} {direction}" for column in (*columns, "id"))
    return f"WHERE ({row}, id) >= ({key}, :lowest) AND ({row}, id) <= ({key}, :highest) ORDER BY {ordered}"
