"""Counting events themselves: what is left at the ends of whole hours, and what no tally knows."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, TextClause, text

from registry.db import is_sqlite

from ..number_lists import listed
from .pieces import Stretch
from .sums import Keys

_ALIKE: Final = "e.department, e.label, e.kind, e.severity"
_NEWEST: Final = f"""
    SELECT {_ALIKE}, count(*) FROM (
        SELECT {_ALIKE} FROM event e
        WHERE e.id BETWEEN :lowest AND :highest {{conditions}} ORDER BY e.id DESC LIMIT :limit
    ) e GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - constant text
_OF_IDS: Final = {
    True: text(
        f"SELECT {_ALIKE}, count(*) FROM json_each(:ids) i CROSS JOIN event e WHERE e.id = i.value GROUP BY 1, 2, 3, 4"  # noqa: S608
    ),
    False: text(
        f"SELECT {_ALIKE}, count(*) FROM event e WHERE e.id = ANY(CAST(:ids AS bigint[])) GROUP BY 1, 2, 3, 4"  # noqa: S608
    ),
}
_ON_CAMERAS: Final = {
    True: text(f"""
        SELECT {_ALIKE}, count(*) FROM json_each(:rows) s CROSS JOIN event e
        WHERE e.camera = json_extract(s.value, '$[0]')
            AND e.id BETWEEN json_extract(s.value, '$[1]') AND json_extract(s.value, '$[2]') GROUP BY 1, 2, 3, 4
    """),  # noqa: S608 - constant text
    False: text(f"""
        SELECT {_ALIKE}, count(*)
        FROM unnest(CAST(:cameras AS integer[]), CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) s(camera, low, high)
        CROSS JOIN LATERAL (
            SELECT * FROM event e WHERE e.camera = s.camera AND e.id BETWEEN s.low AND s.high OFFSET 0
        ) e GROUP BY 1, 2, 3, 4
    """),  # noqa: S608 - constant text
}
_SQLITE_STEPS: Final = """
    SELECT json_extract(s.value, '$[2]'), count(*) FROM json_each(:steps) s CROSS JOIN event e
    WHERE {camera} e.id BETWEEN json_extract(s.value, '$[0]') AND json_extract(s.value, '$[1]') {{conditions}}
    GROUP BY 1
"""
_POSTGRESQL_STEPS: Final = """
    SELECT s.bucket, CAST(sum(e.events) AS bigint)
    FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[]), CAST(:buckets AS integer[]),
        CAST(:cameras AS integer[])) s(low, high, bucket, camera)
    CROSS JOIN LATERAL (
        SELECT count(*) AS events FROM event e WHERE {camera} e.id BETWEEN s.low AND s.high {{conditions}}
    ) e GROUP BY 1
"""
_STEPS: Final = {
    (True, False): _SQLITE_STEPS.format(camera=""),
    (True, True): _SQLITE_STEPS.format(camera="e.camera = json_extract(s.value, '$[3]') AND"),
    (False, False): _POSTGRESQL_STEPS.format(camera=""),
    (False, True): _POSTGRESQL_STEPS.format(camera="e.camera = s.camera AND"),
}
"""By whether the database is embedded, and whether each step is on one camera."""
_NUMBERS: Final = {
    True: "AND e.{name} IN (SELECT value FROM json_each(:{name}))",
    False: "AND e.{name} = ANY(CAST(:{name} AS integer[]))",
}


Groups = NDArray[np.int64]
"""Events that are alike, shape (groups, 5): department, label, kind, severity, and how many there are."""
COLUMNS: Final = ("department", "label", "kind", "severity", "events")


def under(groups: Groups, keys: Keys) -> Groups:
    """Those that are under `keys`."""
    fits = np.ones(len(groups), np.bool_)
    for name, numbers in keys.named.items():
        fits &= np.isin(groups[:, COLUMNS.index(name)], numbers)
    return groups[fits]


def counts_by(groups: Groups, name: str) -> dict[int, int]:
    """How many events there are of each number in that column."""
    counts = np.bincount(groups[:, COLUMNS.index(name)], weights=groups[:, -1])
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}


class Step(NamedTuple):
    """Ids that are counted for a bucket, maybe of one camera only."""

    lowest: int
    highest: int
    bucket: int
    camera: int = 0


def groups_within(connection: Connection, stretch: Stretch, keys: Keys, limit: int) -> tuple[Groups, bool]:
    """The newest `limit` events under `keys` in `stretch`, alike ones together; whether there may be more."""
    if keys.is_nothing:
        return _groups([]), False
    embedded = is_sqlite(connection)
    lowest, highest = stretch.ids
    given = {"lowest": lowest, "highest": highest, "limit": limit, **_numbers(keys, embedded=embedded)}
    statement = _statement(_NEWEST, tuple(keys.named), embedded=embedded)
    found = _groups(connection.execute(statement, given))
    return found, bool(found[:, -1].sum() >= limit)


def groups_of(connection: Connection, ids: NDArray[np.int64]) -> Groups:
    """These events, alike ones together."""
    if not ids.size:
        return _groups([])
    embedded = is_sqlite(connection)
    given = {"ids": listed(ids.tolist(), embedded=embedded)}
    return _groups(connection.execute(_OF_IDS[embedded], given))


def groups_on(connection: Connection, rows: NDArray[np.int64]) -> Groups:
    """The events of cameras, alike ones together: `rows` are camera, lowest and highest id, shape (spans, 3)."""
    if not rows.size:
        return _groups([])
    if is_sqlite(connection):
        given = {"rows": json.dumps(rows.tolist())}
    else:
        columns = zip(("cameras", "lows", "highs"), rows.T.tolist(), strict=True)
        given = {name: listed(column, embedded=False) for name, column in columns}
    return _groups(connection.execute(_ON_CAMERAS[is_sqlite(connection)], given))


def count_steps(
    connection: Connection, steps: Sequence[Step], keys: Keys, *, by_camera: bool = False
) -> list[tuple[int, int]]:
    """How many events under `keys` there are in `steps`: pairs of bucket and number. Nothing is no pair."""
    if not steps or keys.is_nothing:
        return []
    embedded = is_sqlite(connection)
    given = _numbers(keys, embedded=embedded)
    if embedded:
        given["steps"] = json.dumps(steps)
    else:
        columns = zip(("lows", "highs", "buckets", "cameras"), zip(*steps, strict=True), strict=True)
        given |= {name: listed(column, embedded=False) for name, column in columns}
    statement = _statement(_STEPS[embedded, by_camera], tuple(keys.named), embedded=embedded)
    return [(bucket, events) for bucket, events in connection.execute(statement, given) if events]


def _groups(rows: Iterable[Any]) -> Groups:
    return np.array([tuple(row) for row in rows], np.int64).reshape(-1, len(COLUMNS))


def _numbers(keys: Keys, *, embedded: bool) -> dict[str, Any]:
    return {name: listed(numbers, embedded=embedded) for name, numbers in keys.named.items()}


@lru_cache
def _statement(frame: str, named: tuple[str, ...], *, embedded: bool) -> TextClause:
    return text(frame.format(conditions=" ".join(_NUMBERS[embedded].format(name=name) for name in named)))
