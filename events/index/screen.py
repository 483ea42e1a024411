"""Walks over the newest events, and keeps those within a reach that has too many keys to seek each.

The database tells the columns as three texts: turning thousands of rows into objects would take ten times as long.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from core.ids import EventId
from registry.db import is_sqlite
from registry.reach import Reach

_COLUMNS: Final = "e.id, e.camera, e.department"
_NEWEST: Final = "e.id BETWEEN :lowest AND :highest ORDER BY e.id DESC LIMIT :limit"
_ANY: Final = f"SELECT {_COLUMNS} FROM event e WHERE {_NEWEST}"  # noqa: S608 - constant text
_OF_LABELS: Final = {
    True: f"""
        SELECT {_COLUMNS} FROM json_each(:labels) l CROSS JOIN event e
        WHERE e.id IN (SELECT e.id FROM event e WHERE e.label = l.value AND {_NEWEST})
        ORDER BY e.id DESC LIMIT :limit
    """,  # noqa: S608 - constant text
    False: f"""
        SELECT {_COLUMNS} FROM unnest(CAST(:labels AS smallint[])) l(value) CROSS JOIN LATERAL
        (SELECT {_COLUMNS} FROM event e WHERE e.label = l.value AND {_NEWEST}) e
        ORDER BY e.id DESC LIMIT :limit
    """,  # noqa: S608 - constant text
}
_JOINED: Final = {
    True: "SELECT group_concat(id), group_concat(camera), group_concat(department) FROM ({newest}) newest",
    False: "SELECT string_agg(CAST(id AS text), ','), string_agg(CAST(camera AS text), ','), "
    "string_agg(CAST(department AS text), ',') FROM ({newest}) newest",
}
_STATEMENTS: Final = {
    (embedded, with_labels): text(_JOINED[embedded].format(newest=_OF_LABELS[embedded] if with_labels else _ANY))
    for embedded in (True, False)
    for with_labels in (True, False)
}


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of some of the newest events."""

    ids: NDArray[np.int64]
    """Those within reach, newest first."""
    walked: int
    lowest: EventId | None
    """The lowest one that was looked at; None: there are none below."""


def screened(
    connection: Connection,
    reach: Reach,
    *,
    labels: Sequence[int] | None,
    lowest: EventId,
    highest: EventId,
    limit: int,
) -> Screened:
    """Of the `limit` newest events from `lowest` to `highest` those within `reach`; `labels` None: any."""
    embedded = is_sqlite(connection)
    given: dict[str, Any] = {"lowest": lowest, "highest": highest, "limit": limit}
    if labels is not None:
        given["labels"] = json.dumps(list(labels)) if embedded else list(labels)
    found = connection.execute(_STATEMENTS[embedded, labels is not None], given).one()
    ids, cameras, departments = (np.fromstring(joined or "", np.int64, sep=",") for joined in found)
    order = np.argsort(ids)[::-1]
    ids, cameras, departments = ids[order], cameras[order], departments[order]
    within = ids[reach.has_events(ids, cameras, departments)]
    return Screened(within, len(ids), EventId(int(ids[-1])) if len(ids) >= limit else None)
