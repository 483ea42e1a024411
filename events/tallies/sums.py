"""Sums of the rows of `event_tally`: a step into its key for each piece of time, department and label."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, TextClause, text

from registry.db import is_sqlite

from .lists import listed
from .pieces import Piece
from .table import ANY


class By(StrEnum):
    """What is told apart."""

    BUCKET = "bucket"
    LABEL = "label"
    DEPARTMENT = "department"
    KIND_AND_SEVERITY = "kind, severity"


@dataclass(frozen=True, slots=True)
class Keys:
    """What is counted, in the numbers of the index. None: any."""

    departments: tuple[int, ...] | None = None
    labels: tuple[int, ...] | None = None
    kinds: tuple[int, ...] | None = None
    severities: tuple[int, ...] | None = None

    @property
    def named(self) -> dict[str, tuple[int, ...]]:
        """The columns that there are conditions on."""
        columns = {
            "department": self.departments,
            "label": self.labels,
            "kind": self.kinds,
            "severity": self.severities,
        }
        return {name: numbers for name, numbers in columns.items() if numbers is not None}

    @property
    def is_nothing(self) -> bool:
        """Whether no event can fit."""
        return () in self.named.values()

    def but(self, **changed: tuple[int, ...] | None) -> "Keys":
        """The same with these fields changed."""
        return replace(self, **changed)


_MATCH: Final = (
    "t.grain = {grain} AND t.department = d.value AND t.label = l.value AND t.start BETWEEN {low} AND {high}"
)
_SQLITE_MATCH: Final = _MATCH.format(
    **{name: f"json_extract(p.value, '$[{place}]')" for place, name in enumerate(("grain", "low", "high"))}
)
_SQLITE_TIMES: Final = "json_extract(p.value, '$[4]')"
_SQLITE_KEYS: Final = "json_each(:pieces) p CROSS JOIN json_each(:departments) d CROSS JOIN json_each(:labels) l"
_POSTGRESQL_MATCH: Final = _MATCH.format(grain="p.grain", low="p.low", high="p.high")
_POSTGRESQL_KEYS: Final = """
    unnest(CAST(:grains AS smallint[]), CAST(:lows AS integer[]), CAST(:highs AS integer[]),
        CAST(:buckets AS integer[]), CAST(:times AS integer[])) p(grain, low, high, bucket, times)
    CROSS JOIN unnest(CAST(:departments AS integer[])) d(value) CROSS JOIN unnest(CAST(:labels AS integer[])) l(value)
"""
# Each key is summed up by itself: to group as many rows would take twice as long, and whatever a planner thinks of how
# many keys there are, it can only step into the index for each.
_SUMS: Final = """
    SELECT {{by}}, CAST(sum(events) AS bigint) FROM (
        SELECT {bucket} AS bucket, d.value AS department, l.value AS label,
            {times} * (SELECT sum(t.count) FROM event_tally t WHERE {match} {{conditions}}) AS events
        FROM {keys}
    ) x WHERE events <> 0 GROUP BY {{by}}
"""
_FRAMES: Final = {
    (True, False): _SUMS.format(
        bucket="json_extract(p.value, '$[3]')", times=_SQLITE_TIMES, match=_SQLITE_MATCH, keys=_SQLITE_KEYS
    ),
    (False, False): _SUMS.format(bucket="p.bucket", times="p.times", match=_POSTGRESQL_MATCH, keys=_POSTGRESQL_KEYS),
    (True, True): f"""
        SELECT {{by}}, sum({_SQLITE_TIMES} * t.count) FROM {_SQLITE_KEYS} CROSS JOIN event_tally t
        WHERE {_SQLITE_MATCH} {{conditions}} GROUP BY {{by}}
    """,
    (False, True): f"""
        SELECT {{by}}, CAST(sum(p.times * t.events) AS bigint) FROM {_POSTGRESQL_KEYS} CROSS JOIN LATERAL (
            SELECT t.kind, t.severity, sum(t.count) AS events FROM event_tally t
            WHERE {_POSTGRESQL_MATCH} {{conditions}} GROUP BY t.kind, t.severity
        ) t GROUP BY {{by}}
    """,
}
"""By whether the database is embedded, and whether rows are told apart that stand under one key."""
_CONDITIONS: Final = {
    (True, "kind"): "AND t.kind IN (SELECT value FROM json_each(:kinds))",
    (True, "severity"): "AND t.severity IN (SELECT value FROM json_each(:severities))",
    (False, "kind"): "AND t.kind = ANY(CAST(:kinds AS smallint[]))",
    (False, "severity"): "AND t.severity = ANY(CAST(:severities AS smallint[]))",
}


@lru_cache
def _statement(by: By, *, embedded: bool, kinds: bool, severities: bool) -> TextClause:
    named = {"kind": kinds, "severity": severities}
    conditions = " ".join(_CONDITIONS[embedded, name] for name, is_named in named.items() if is_named)
    frame = _FRAMES[embedded, by is By.KIND_AND_SEVERITY]
    return text(frame.format(by=by.value, conditions=conditions))


def sums(connection: Connection, by: By, pieces: Sequence[Piece], keys: Keys) -> list[tuple[int, ...]]:
    """How many events of `pieces` there are under `keys`: what `by` says, then the number. Nothing is no row."""
    if not pieces or keys.is_nothing:
        return []
    embedded = is_sqlite(connection)
    given: dict[str, str] = {
        "departments": listed((ANY,) if keys.departments is None else keys.departments, embedded=embedded),
        "labels": listed((ANY,) if keys.labels is None else keys.labels, embedded=embedded),
    }
    if keys.kinds is not None:
        given["kinds"] = listed(keys.kinds, embedded=embedded)
    if keys.severities is not None:
        given["severities"] = listed(keys.severities, embedded=embedded)
    if embedded:
        given["pieces"] = json.dumps(pieces)
    else:
        columns = zip(("grains", "lows", "highs", "buckets", "times"), zip(*pieces, strict=True), strict=True)
        given |= {name: listed(column, embedded=False) for name, column in columns}
    statement = _statement(by, embedded=embedded, kinds=keys.kinds is not None, severities=keys.severities is not None)
    return [tuple(row) for row in connection.execute(statement, given) if row[-1]]
