"""Sums of the rows of `event_tally`: a step into its key for each grain of time, department and label."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, TextClause, text

from registry.db import is_sqlite

from ..number_lists import listed
from .pieces import Piece
from .table import ANY

MOST_STEPS: Final = 400_000
"""More steps into the tally take longer than who waits for a page likes: a microsecond or two each."""


class By(StrEnum):
    """What is told apart."""

    BUCKET = "p.bucket"
    LABEL = "t.label"
    """All of them."""
    DEPARTMENT = "d.value"
    KIND_AND_SEVERITY = "t.kind, t.severity"


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


# Each row's key is stepped to by itself. Where all labels are told apart, those of one department stand together.
_SQLITE: Final = """
    SELECT {by}, sum(json_extract(p.value, '$[3]') * t.count)
    FROM json_each(:rows) p CROSS JOIN json_each(:departments) d {labels} CROSS JOIN event_tally t
    WHERE t.grain = json_extract(p.value, '$[0]') AND t.start = json_extract(p.value, '$[1]')
        AND t.department = d.value AND t.label {label} {conditions}
    GROUP BY {by}
"""
# Each stretch is one walk through the index, from department to department and from label to label.
_POSTGRESQL: Final = """
    SELECT {by}, CAST(sum(p.times * t.events) AS bigint)
    FROM unnest(CAST(:grains AS smallint[]), CAST(:starts AS integer[]), CAST(:buckets AS integer[]),
        CAST(:times AS integer[])) p(grain, start, bucket, times)
    CROSS JOIN LATERAL (
        SELECT {inner} sum(t.count) AS events FROM event_tally t
        WHERE t.grain = p.grain AND t.start = p.start AND t.department = ANY(CAST(:departments AS integer[]))
            AND t.label {label} {conditions}
        {grouped}
    ) t
    WHERE t.events IS NOT NULL GROUP BY {by}
"""
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
    each = by is not By.LABEL
    if embedded:
        column = "json_extract(p.value, '$[2]')" if by is By.BUCKET else by.value
        labels, label = ("CROSS JOIN json_each(:labels) l", "= l.value") if each else ("", f"> {ANY}")
        return text(_SQLITE.format(by=column, labels=labels, label=label, conditions=conditions))
    column = "t.department" if by is By.DEPARTMENT else by.value
    inner = "" if by is By.BUCKET else column
    return text(
        _POSTGRESQL.format(
            by=column,
            label="= ANY(CAST(:labels AS integer[]))" if each else f"> {ANY}",
            conditions=conditions,
            inner=f"{inner}," if inner else "",
            grouped=f"GROUP BY {inner}" if inner else "",
        )
    )


def steps(by: By, pieces: Sequence[Piece], keys: Keys) -> int:
    """How many steps into the tally `sums` takes."""
    rows = sum(one.high + 1 - one.low for one in pieces)
    departments = 1 if keys.departments is None else len(keys.departments)
    labels = 1 if keys.labels is None or by is By.LABEL else len(keys.labels)
    return rows * departments * labels


def sums(connection: Connection, by: By, pieces: Sequence[Piece], keys: Keys) -> list[tuple[int, ...]]:
    """How many events of `pieces` there are under `keys`: what `by` says, then the number. Nothing is no row."""
    if not pieces or keys.is_nothing:
        return []
    rows = [(one.grain, start, one.bucket, one.times) for one in pieces for start in range(one.low, one.high + 1)]
    embedded = is_sqlite(connection)
    given: dict[str, str] = {
        "departments": listed((ANY,) if keys.departments is None else keys.departments, embedded=embedded),
    }
    if by is not By.LABEL:
        given["labels"] = listed((ANY,) if keys.labels is None else keys.labels, embedded=embedded)
    if keys.kinds is not None:
        given["kinds"] = listed(keys.kinds, embedded=embedded)
    if keys.severities is not None:
        given["severities"] = listed(keys.severities, embedded=embedded)
    if embedded:
        given["rows"] = json.dumps(rows)
    else:
        columns = zip(("grains", "starts", "buckets", "times"), zip(*rows, strict=True), strict=True)
        given |= {name: listed(column, embedded=False) for name, column in columns}
    statement = _statement(by, embedded=embedded, kinds=keys.kinds is not None, severities=keys.severities is not None)
    return [tuple(row) for row in connection.execute(statement, given) if row[-1]]
