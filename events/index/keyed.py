"""Finds the first event ids under several keys.

Most keys have nothing for a page. So where there are many, each is asked for its first id to begin with, which costs a
microsecond; only those whose first id can be on the page are asked for more, a few each at a time. Statements are
constant text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, text

from core.ids import LAST_CAMERA, EventId
from registry.db import is_sqlite

from ..number_lists import listed
from .ascending import distinct
from .event_filter import Order
from .reach_keys import KeyGroup, KeyKind
from .seek import keyed_between
from .stretch import Stretch

_FEWEST: Final = 16
"""Ids that a key is asked for at least."""
_ENOUGH: Final = 100
"""So many ids are worth to go back with, where more were asked for."""
_HEADS: Final = "heads"
_IDS: Final = "ids"

# A key's ids are told as one text: turning thousands of rows into objects would take ten times as long.
_SQLITE: Final = {
    _HEADS: """
        SELECT k.key AS key, {label} AS label, (SELECT id FROM event {source} LIMIT 1) AS id FROM {keys}
        ORDER BY 3 {direction} NULLS LAST LIMIT :limit
    """,
    _IDS: """
        SELECT k.key AS key, {label} AS label,
            (SELECT group_concat(id) FROM (SELECT id FROM event {source} LIMIT :limit)) AS ids
        FROM {keys}
    """,
}
_POSTGRESQL: Final = {
    _HEADS: """
        SELECT k.key - 1 AS key, {label} AS label, e.id AS id FROM {keys}
        CROSS JOIN LATERAL (SELECT id FROM event {source} LIMIT 1) e ORDER BY e.id {direction} LIMIT :limit
    """,
    _IDS: """
        SELECT k.key - 1 AS key, {label} AS label, e.ids FROM {keys} CROSS JOIN LATERAL (
            SELECT string_agg(CAST(id AS text), ',') AS ids FROM (SELECT id FROM event {source} LIMIT :limit) found
        ) e
    """,
}
_DIRECTION: Final = {Order.NEWEST: "DESC", Order.OLDEST: "ASC"}
_COLUMN: Final = {
    KeyKind.CAMERA: "camera",
    KeyKind.CAMERA_FOR_A_TIME: "camera",
    KeyKind.DEPARTMENT: "department",
    KeyKind.LABEL: "label",
    KeyKind.KIND: "kind",
    KeyKind.SEVERITY: "severity",
}
_PART: Final = "CAST(json_extract(k.value, '$[{}]') AS integer)"
_OF_THREE: Final = (
    "unnest(CAST(:numbers AS {kind}[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) "
    "WITH ORDINALITY k(number, low, high, key)"
)
_SMALL: Final = frozenset({KeyKind.LABEL, KeyKind.KIND, KeyKind.SEVERITY})


@lru_cache(maxsize=256)
def _statement(embedded: bool, kind: KeyKind, what: str, order: Order, with_labels: bool) -> TextClause:
    if embedded:
        frame, keys = _SQLITE[what], "json_each(:keys) k"
        labels, low, high = (
            "json_each(:labels) l",
            f"max({_PART.format(1)}, :lowest)",
            f"min({_PART.format(2)}, :highest)",
        )
        number = _PART.format(0)
        if kind is KeyKind.CAMERA:
            number, low, high = f"k.value & {LAST_CAMERA}", "max(k.value, :lowest)", ":highest"
    else:
        frame, keys = _POSTGRESQL[what], _OF_THREE.format(kind="smallint" if kind in _SMALL else "integer")
        labels, low, high = (
            "unnest(CAST(:labels AS smallint[])) l(value)",
            "greatest(k.low, :lowest)",
            "least(k.high, :highest)",
        )
        number = "k.number"
        if kind is KeyKind.CAMERA:
            keys = "unnest(CAST(:lows AS bigint[])) WITH ORDINALITY k(low, key)"
            number, high = f"CAST(k.low & {LAST_CAMERA} AS integer)", ":highest"
    columns, values = [_COLUMN[kind]], [number]
    if with_labels:
        columns, values, keys = [*columns, "label"], [*values, "l.value"], f"{keys} CROSS JOIN {labels}"
    direction = _DIRECTION[order]
    source = keyed_between(columns, values, (low, high), embedded, direction)
    label = "l.value" if with_labels else "0"
    return text(frame.format(label=label, keys=keys, source=source, direction=direction))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every statement of one search has in common. Numbers are compared as `sign` says: what comes first is the
    greatest, in either order."""

    connection: Connection
    labels: Sequence[int] | None
    lowest: int
    highest: int
    order: Order

    @property
    def sign(self) -> int:
        return 1 if self.order is Order.NEWEST else -1

    @property
    def floor(self) -> int:
        """The last number that can be, with its sign."""
        return self.lowest if self.order is Order.NEWEST else -self.highest

    def down_to(self, floor: int) -> "_Asked":
        """The same, but for what comes after `floor`."""
        return replace(self, lowest=floor) if self.order is Order.NEWEST else replace(self, highest=-floor)

    def below(self, number: int) -> "_Asked":
        """The same, but for `number` and what comes before it."""
        return replace(self, highest=number - 1) if self.order is Order.NEWEST else replace(self, lowest=1 - number)

    def heads(self, group: KeyGroup, limit: int) -> NDArray[np.int64]:
        """The first id of each key, of the first `limit` of them. Shape (keys, 2): place, id with its
        sign."""
        found = [(row[0], row[2]) for row in self._rows(_HEADS, group, limit)]
        rows = np.array(found, np.int64).reshape(-1, 2)
        rows[:, 1] *= self.sign
        return rows

    def ids(self, group: KeyGroup, each: int) -> "_Told":
        """The first `each` ids of each key."""
        rows = self._rows(_IDS, group, each)
        ids = np.fromstring(",".join(row[2] for row in rows), np.int64, sep=",") * self.sign
        numbers = np.array([row[2].count(",") + 1 for row in rows], np.int64)
        places = np.array([row[0] for row in rows], np.int64)
        return _Told(ids, numbers, places)

    def _rows(self, what: str, group: KeyGroup, limit: int) -> list[tuple[Any, ...]]:
        embedded = is_sqlite(self.connection)
        given: dict[str, Any] = {"lowest": self.lowest, "highest": self.highest, "limit": limit}
        given |= _sqlite_keys(group) if embedded else _postgresql_keys(group)
        if self.labels is not None:
            given["labels"] = listed(self.labels, embedded=embedded)
        statement = _statement(embedded, group.kind, what, self.order, self.labels is not None)
        return [row for row in self.connection.execute(statement, given).cursor.fetchall() if row[2] is not None]


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What keys were found to have."""

    ids: NDArray[np.int64]
    """With their sign, one key's after the other's."""
    numbers: NDArray[np.int64]
    """How many each key has of them."""
    places: NDArray[np.int64]
    """Those of the keys."""

    def with_more(self, each: int) -> tuple[NDArray[np.int64], int]:
        """The places of the keys that may have more, having as many as they were asked for; and from which id on they
        have not."""
        full = self.numbers >= each
        if not full.any():
            return np.empty(0, np.int64), _NOWHERE
        last = np.minimum.reduceat(self.ids, np.cumsum(self.numbers) - self.numbers)
        return distinct(self.places[full]), int(last[full].max())


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """What is under several keys."""

    ids: NDArray[np.int64]
    """In the order that was asked for."""
    until: EventId | None
    """What comes after this one was not looked at; None: there is nothing."""


_NOWHERE: Final = -(1 << 63)


def first_ids(
    connection: Connection,
    groups: Sequence[KeyGroup],
    among: Stretch,
    *,
    labels: Sequence[int] | None,
    limit: int,
    order: Order,
) -> Keyed:
    """The first `limit` ids of `among` in `order` under any of the keys, or half of many; `labels` None: any.

    The work grows with keys times labels, not with the number of events, nor with what is not within the keys.
    """
    asked, groups = _promising(_Asked(connection, labels, among.lowest, among.highest, order), groups, limit)
    each = max(_FEWEST, 2 * limit // max(1, sum(map(len, groups))))
    found, enough = np.empty(0, np.int64), min(limit, max(limit // 2, _ENOUGH))
    while groups:
        whole_from, unfinished = asked.floor, []
        for group in groups:
            told = asked.ids(group, each)
            found = np.concatenate([found, told.ids])
            places, known_from = told.with_more(each)
            whole_from = max(whole_from, known_from)
            if places.size:
                unfinished.append(group.only(places))
        if unfinished and np.count_nonzero(distinct(found) >= whole_from) >= enough:
            found = found[found >= whole_from]
            break
        asked, groups, each = asked.below(whole_from), unfinished, 4 * each
    first = distinct(found)[::-1][:limit]
    is_all = not groups and first.size < limit
    return Keyed(first * asked.sign, None if is_all else EventId(int(first[-1]) * asked.sign))


def _promising(asked: _Asked, groups: Sequence[KeyGroup], limit: int) -> tuple[_Asked, list[KeyGroup]]:
    """The keys whose first id can be on the page, and the last id that can."""
    heads = [asked.heads(group, limit) for group in groups]
    first = distinct(np.concatenate([rows[:, 1] for rows in heads]))[::-1]
    floor = int(first[limit - 1]) if first.size >= limit else asked.floor
    promising = []
    for group, rows in zip(groups, heads, strict=True):
        places = distinct(rows[rows[:, 1] >= floor, 0])
        if places.size:
            promising.append(group.only(places))
    return asked.down_to(floor), promising


def _sqlite_keys(group: KeyGroup) -> dict[str, str]:
    if group.kind is KeyKind.CAMERA:
        return {"keys": listed(group.rows.tolist(), embedded=True)}
    return {"keys": f"[{','.join(listed(row, embedded=True) for row in group.rows.tolist())}]"}


def _postgresql_keys(group: KeyGroup) -> dict[str, str]:
    if group.kind is KeyKind.CAMERA:
        return {"lows": listed(group.rows.tolist(), embedded=False)}
    columns = zip(("numbers", "lows", "highs"), group.rows.T.tolist(), strict=True)
    return {name: listed(column, embedded=False) for name, column in columns}
