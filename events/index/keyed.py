"""All events under many keys at once: of each key those in a stretch of ids, asked for in one statement.

A key costs a few microseconds, and an event under it less than one, so that a stretch is chosen in which as many events
are expected as are needed (`lengths.py`). Where there are far too many, a shorter one is asked for. Statements are
constant text.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from core.ids import LAST_CAMERA, EventId
from registry.db import is_sqlite

from ..number_lists import listed
from . import conditions
from .conditions import Condition
from .densities import all_ids
from .event_filter import Order
from .reach_keys import KeyGroup, KeyKind
from .seek import JOINED, Asked, Walked, in_order, merged
from .stretch import Stretch

_FAR_TOO_MANY: Final = 4
"""So many times what was asked for."""
_MOST: Final = 1_000
"""And so many more."""
_SHORTER: Final = 8
_COLUMN: Final = {
    KeyKind.CAMERA: "camera",
    KeyKind.CAMERA_FOR_A_TIME: "camera",
    KeyKind.DEPARTMENT: "department",
    KeyKind.LABEL: "label",
    KeyKind.KIND: "kind",
    KeyKind.SEVERITY: "severity",
}
_SMALL: Final = frozenset({KeyKind.LABEL, KeyKind.KIND, KeyKind.SEVERITY})
_PART: Final = "CAST(json_extract({}.value, '$[{}]') AS integer)"


def walk_keys(
    connection: Connection,
    groups: Sequence[KeyGroup],
    labels: Sequence[int] | None,
    fitting: Sequence[Condition],
    asked: Asked,
) -> Walked:
    """All events under any of the keys, with one of `labels` (None: any), for which `fitting` holds; of far more than
    are asked for the first ones, as far as it says."""
    most: int | None = _FAR_TOO_MANY * asked.limit + _MOST
    until: EventId | None = None
    while True:
        steps = [_walked(connection, group, labels, fitting, asked, most) for group in groups]
        if most is None or all(step.number < most for step in steps):
            return replace(merged(steps, asked), until=until)
        nearer = _nearer(connection, asked)
        if nearer == asked.ids.last(asked.order):
            most = None  # it gets no shorter than a millisecond, in which a camera has one event
        else:
            asked, until = asked.up_to(nearer), nearer


def _nearer(connection: Connection, asked: Asked) -> EventId:
    """Where the first part of what is asked for ends, with a millisecond: half of the stretches, or an eighth of the
    only one, as far as there are events."""
    if len(asked.parts) > 1:
        return asked.parts[(len(asked.parts) - 1) // 2].last(asked.order)
    ids = asked.parts[0] if asked.parts else asked.ids
    there = all_ids(connection)
    begun = ids if there is None else ids.within(there) or ids
    length = (begun.highest - begun.lowest) // _SHORTER
    if asked.order is Order.NEWEST:
        return EventId(max((begun.highest - length) & ~LAST_CAMERA, ids.lowest))
    return EventId(min((begun.lowest + length) | LAST_CAMERA, ids.highest))


def _walked(
    connection: Connection,
    group: KeyGroup,
    labels: Sequence[int] | None,
    fitting: Sequence[Condition],
    asked: Asked,
    most: int | None,
) -> Walked:
    """All under the keys of one group; where there are `most` of them, any so many."""
    embedded = is_sqlite(connection)
    given: dict[str, Any] = {"most": -1 if most is None and embedded else most}
    given |= conditions.given(fitting, embedded=embedded) | _keys(group, embedded=embedded)
    given |= _stretches(asked.parts or (asked.ids,), embedded=embedded)
    if labels is not None:
        given["labels"] = listed(labels, embedded=embedded)
    names = tuple(one.name for one in fitting)
    statement = _statement(embedded, group.kind, labels is not None, names, asked.with_departments)
    number, *told = connection.execute(statement, given).one()
    return Walked(*in_order(told, asked.order), number, None)


@lru_cache(maxsize=1_024)
def _statement(
    embedded: bool, kind: KeyKind, with_labels: bool, names: tuple[str, ...], with_departments: bool
) -> TextClause:
    told = ("id", "department") if with_departments else ("id",)
    columns = sorted(conditions.columns(names) | set(told))
    fit = f" FILTER (WHERE {conditions.words(names, embedded=embedded)})" if names else ""
    answers = ", ".join(JOINED[embedded].format(f"e.{name}") + fit for name in told)
    found = _sqlite(kind, columns, with_labels) if embedded else _postgresql(kind, columns, with_labels)
    return text(f"SELECT count(*), {answers} FROM ({found} LIMIT :most) e")  # noqa: S608 - constant text


def _sqlite(kind: KeyKind, columns: Sequence[str], with_labels: bool) -> str:
    number, low, high = (_PART.format("k", place) for place in range(3))
    if kind is KeyKind.CAMERA:
        number, low, high = f"k.value & {LAST_CAMERA}", "k.value", _PART.format("s", 1)
    names, values = _key(kind, number, with_labels)
    equal = " AND ".join(f"event.{name} = {value}" for name, value in zip(names, values, strict=True))
    ends = f"max({low}, {_PART.format('s', 0)}) AND min({high}, {_PART.format('s', 1)})"
    label = "CROSS JOIN json_each(:labels) l " if with_labels else ""
    # Lists have a column `id`, too.
    return (
        f"SELECT {', '.join(f'event.{name} AS {name}' for name in columns)} "  # noqa: S608 - constant text
        f"FROM json_each(:stretches) s CROSS JOIN json_each(:keys) k {label}"
        f"CROSS JOIN event INDEXED BY ix_event_{'_'.join(names)}_id WHERE {equal} AND event.id BETWEEN {ends}"
    )


def _postgresql(kind: KeyKind, columns: Sequence[str], with_labels: bool) -> str:
    number, low, high = "k.number", "greatest(k.low, s.low)", "least(k.high, s.high)"
    type_ = "smallint" if kind in _SMALL else "integer"
    lists = f"CAST(:numbers AS {type_}[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[])"
    keys = f"unnest({lists}) k(number, low, high)"
    if kind is KeyKind.CAMERA:
        keys = "unnest(CAST(:lows AS bigint[])) k(low)"
        number, high = f"CAST(k.low & {LAST_CAMERA} AS integer)", "s.high"
    label = "CROSS JOIN unnest(CAST(:labels AS smallint[])) l(value) " if with_labels else ""
    names, values = _key(kind, number, with_labels)
    row, key = ", ".join(names), ", ".join(values)
    ordered = ", ".join(f"{name} DESC" for name in (*names, "id"))
    # Compared as one, in order and with a limit it is read from its index, whatever the planner expects.
    event = (
        f"SELECT {', '.join(columns)} FROM event WHERE ({row}, id) >= ({key}, {low}) "  # noqa: S608 - constant text
        f"AND ({row}, id) <= ({key}, {high}) ORDER BY {ordered} LIMIT :most"
    )
    return (
        f"SELECT found.* FROM unnest(CAST(:froms AS bigint[]), CAST(:tos AS bigint[])) s(low, high) "  # noqa: S608
        f"CROSS JOIN {keys} {label}CROSS JOIN LATERAL ({event}) found"
    )


def _key(kind: KeyKind, number: str, with_labels: bool) -> tuple[list[str], list[str]]:
    """The columns of the index, and what they are to be."""
    return ([_COLUMN[kind], "label"], [number, "l.value"]) if with_labels else ([_COLUMN[kind]], [number])


def _keys(group: KeyGroup, *, embedded: bool) -> dict[str, str]:
    rows = group.rows
    if group.kind is KeyKind.CAMERA:
        return {"keys" if embedded else "lows": listed(rows.tolist(), embedded=embedded)}
    if embedded:
        return {"keys": f"[{','.join(listed(row, embedded=True) for row in rows.tolist())}]"}
    columns = zip(("numbers", "lows", "highs"), rows.T.tolist(), strict=True)
    return {name: listed(column, embedded=False) for name, column in columns}


def _stretches(parts: Sequence[Stretch], *, embedded: bool) -> dict[str, str]:
    if embedded:
        return {"stretches": f"[{','.join(f'[{one.lowest},{one.highest}]' for one in parts)}]"}
    return {
        "froms": listed((one.lowest for one in parts), embedded=False),
        "tos": listed((one.highest for one in parts), embedded=False),
    }
