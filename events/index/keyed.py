"""Finds the newest event ids under the keys of a reach.

Most keys have nothing for a page of the newest. So each is asked for its newest id first, which costs a microsecond;
only those whose newest id can be on the page are asked for more, a few each at a time. Statements are constant text.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from core.ids import LAST_CAMERA, EventId
from registry.db import is_sqlite

from .reach_keys import KeyGroup, KeyKind
from .walked import walked

_FEWEST: Final = 16
"""Ids that a key is asked for at least."""
_HEADS: Final = "heads"
_IDS: Final = "ids"

# `CROSS JOIN` keeps the keys outside. SQLite has no LATERAL, but a correlated IN with a LIMIT does the same.
_SQLITE: Final = {
    _HEADS: """
        SELECT k.key AS key, (SELECT max(e.id) FROM event e WHERE {match}) AS id FROM {keys}
        ORDER BY id DESC LIMIT :limit
    """,
    _IDS: """
        SELECT k.key AS key, {label} AS label, e.id AS id FROM {keys} CROSS JOIN event e
        WHERE e.id IN (SELECT e.id FROM event e WHERE {match} ORDER BY e.id DESC LIMIT :limit)
    """,
}
_POSTGRESQL: Final = {
    _HEADS: """
        SELECT k.key - 1 AS key, e.id AS id FROM {keys}
        CROSS JOIN LATERAL (SELECT e.id FROM event e WHERE {match} ORDER BY e.id DESC LIMIT 1) e
        ORDER BY e.id DESC LIMIT :limit
    """,
    _IDS: """
        SELECT k.key - 1 AS key, {label} AS label, e.id AS id FROM {keys}
        CROSS JOIN LATERAL (SELECT e.id FROM event e WHERE {match} ORDER BY e.id DESC LIMIT :limit) e
    """,
}
_NUMBER, _LOW, _HIGH = (f"json_extract(k.value, '$[{place}]')" for place in range(3))
_SQLITE_MATCH: Final = {
    KeyKind.CAMERA: f"e.camera = k.value & {LAST_CAMERA} AND e.id BETWEEN max(k.value, :lowest) AND :highest",
    KeyKind.CAMERA_FOR_A_TIME: f"e.camera = {_NUMBER} AND e.id BETWEEN max({_LOW}, :lowest) AND min({_HIGH}, :highest)",
    KeyKind.DEPARTMENT: f"e.department = {_NUMBER} AND e.id BETWEEN max({_LOW}, :lowest) AND min({_HIGH}, :highest)",
}
_BETWEEN: Final = "e.id BETWEEN greatest(k.low, :lowest) AND least(k.high, :highest)"
_POSTGRESQL_MATCH: Final = {
    KeyKind.CAMERA: f"e.camera = CAST(k.low & {LAST_CAMERA} AS integer) "
    "AND e.id BETWEEN greatest(k.low, :lowest) AND :highest",
    KeyKind.CAMERA_FOR_A_TIME: f"e.camera = k.number AND {_BETWEEN}",
    KeyKind.DEPARTMENT: f"e.department = k.number AND {_BETWEEN}",
}
_OF_THREE: Final = (
    "unnest(CAST(:numbers AS integer[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) "
    "WITH ORDINALITY k(number, low, high, key)"
)
_POSTGRESQL_KEYS: Final = {
    KeyKind.CAMERA: "unnest(CAST(:lows AS bigint[])) WITH ORDINALITY k(low, key)",
    KeyKind.CAMERA_FOR_A_TIME: _OF_THREE,
    KeyKind.DEPARTMENT: _OF_THREE,
}
_SQLITE_LABELS: Final = "json_each(:labels) l"
_POSTGRESQL_LABELS: Final = "unnest(CAST(:labels AS smallint[])) l(value)"


def _statement(frame: str, keys: str, match: str, labels: str | None) -> TextClause:
    if labels is None:
        return text(frame.format(keys=keys, match=match, label="0"))
    return text(
        frame.format(keys=f"{keys} CROSS JOIN {labels}", match=f"{match} AND e.label = l.value", label="l.value")
    )


_STATEMENTS: Final = {
    (True, kind, what, with_labels): _statement(
        _SQLITE[what], "json_each(:keys) k", _SQLITE_MATCH[kind], _SQLITE_LABELS if with_labels else None
    )
    for kind in KeyKind
    for what in (_HEADS, _IDS)
    for with_labels in (False, True)
} | {
    (False, kind, what, with_labels): _statement(
        _POSTGRESQL[what],
        _POSTGRESQL_KEYS[kind],
        _POSTGRESQL_MATCH[kind],
        _POSTGRESQL_LABELS if with_labels else None,
    )
    for kind in KeyKind
    for what in (_HEADS, _IDS)
    for with_labels in (False, True)
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every statement of one search has in common."""

    connection: Connection
    labels: Sequence[int] | None
    lowest: EventId
    highest: EventId

    def rows(self, what: str, group: KeyGroup, limit: int) -> list[tuple[int, ...]]:
        embedded = is_sqlite(self.connection)
        given: dict[str, Any] = {"lowest": self.lowest, "highest": self.highest, "limit": limit}
        given |= _sqlite_keys(group) if embedded else _postgresql_keys(group)
        if self.labels is not None:
            given["labels"] = json.dumps(list(self.labels)) if embedded else list(self.labels)
        statement = _STATEMENTS[embedded, group.kind, what, self.labels is not None]
        return [tuple(row) for row in self.connection.execute(statement, given) if row.id is not None]


def newest_ids_within(
    connection: Connection,
    groups: Sequence[KeyGroup],
    *,
    labels: Sequence[int] | None,
    lowest: EventId,
    highest: EventId,
    limit: int,
) -> list[EventId]:
    """The `limit` newest ids under any of the keys, from `lowest` to `highest`, newest first; `labels` None: any.

    The work grows with keys times labels, not with the number of events, nor with what is not within the keys.
    """
    beginning = None
    if labels is None:
        beginning = walked(connection, groups, lowest=lowest, highest=highest, limit=limit)
    if beginning is None:
        return _asked_one_by_one(_Asked(connection, labels, lowest, highest), groups, limit)
    missing = limit - len(beginning.ids)
    if missing <= 0 or beginning.down_to <= lowest:
        return beginning.ids
    below = _Asked(connection, labels, lowest, EventId(beginning.down_to - 1))
    return beginning.ids + _asked_one_by_one(below, groups, missing)


def _asked_one_by_one(asked: _Asked, groups: Sequence[KeyGroup], limit: int) -> list[EventId]:
    asked, groups = _promising(asked, groups, limit)
    found: set[int] = set()
    each = max(_FEWEST, 4 * limit // max(1, sum(map(len, groups))))
    while groups:
        whole_from, unfinished = int(asked.lowest), []
        for group in groups:
            rows = asked.rows(_IDS, group, each)
            found.update(row[-1] for row in rows)
            places, known_from = _with_more(rows, each)
            whole_from = max(whole_from, known_from)
            if places:
                unfinished.append(group.only(places))
        if sum(number >= whole_from for number in found) >= limit:
            break
        asked, groups, each = replace(asked, highest=EventId(whole_from - 1)), unfinished, 4 * each
    return [EventId(number) for number in sorted(found, reverse=True)[:limit]]


def _promising(asked: _Asked, groups: Sequence[KeyGroup], limit: int) -> tuple[_Asked, list[KeyGroup]]:
    """The keys whose newest id can be on the page, and the lowest id that can."""
    heads = [asked.rows(_HEADS, group, limit) for group in groups]
    newest = sorted({row[-1] for rows in heads for row in rows}, reverse=True)
    floor = newest[limit - 1] if len(newest) >= limit else asked.lowest
    promising = []
    for group, rows in zip(groups, heads, strict=True):
        places = sorted({row[0] for row in rows if row[-1] >= floor})
        if places:
            promising.append(group.only(places))
    return replace(asked, lowest=EventId(floor)), promising


def _with_more(rows: Sequence[tuple[int, ...]], each: int) -> tuple[list[int], int]:
    """The places of the keys that may have more than `rows`, having as many as they were asked for; and from which id
    on they have not."""
    counts: Counter[tuple[int, ...]] = Counter()
    lows: dict[tuple[int, ...], int] = {}
    for *key, number in rows:
        place = tuple(key)
        counts[place] += 1
        lows[place] = min(number, lows.get(place, number))
    full = [place for place, count in counts.items() if count >= each]
    return sorted({place[0] for place in full}), max((lows[place] for place in full), default=0)


def _sqlite_keys(group: KeyGroup) -> dict[str, str]:
    return {"keys": json.dumps(group.rows.tolist())}


def _postgresql_keys(group: KeyGroup) -> dict[str, str]:
    """Arrays as PostgreSQL writes them: the driver would look at each number."""
    if group.kind is KeyKind.CAMERA:
        return {"lows": _array(group.rows.tolist())}
    numbers, lows, highs = group.rows.T.tolist()
    return {"numbers": _array(numbers), "lows": _array(lows), "highs": _array(highs)}


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
