"""Finds the newest event ids under some keys: one ordered, limited step into an index for each key, then a merge.

The statements are constant text: putting them together for each search would cost more than running them.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from core.ids import EventId
from registry.db import is_sqlite

_BETWEEN: Final = "e.id BETWEEN :lowest AND :highest ORDER BY e.id DESC LIMIT :limit"

_WALK: Final = text(f"SELECT e.id FROM event e WHERE {_BETWEEN}")  # noqa: S608 - constant text

# SQLite has no LATERAL, but a correlated IN with a LIMIT does the same; CROSS JOIN keeps the keys outside.
_SQLITE: Final = """
    SELECT e.id FROM {keys} CROSS JOIN event e
    WHERE e.id IN (SELECT e.id FROM event e WHERE {match} AND {between})
    ORDER BY e.id DESC LIMIT :limit
"""
_POSTGRESQL: Final = """
    SELECT found.id FROM {keys}
    CROSS JOIN LATERAL (SELECT e.id FROM event e WHERE {match} AND {between}) found
    ORDER BY found.id DESC LIMIT :limit
"""
_SQLITE_KEYS: Final = {
    "camera": "json_each(:cameras) c",
    "label": "json_each(:labels) l",
    "both": "json_each(:cameras) c CROSS JOIN json_each(:labels) l",
}
_POSTGRESQL_KEYS: Final = {
    "camera": "unnest(CAST(:cameras AS integer[])) c(value)",
    "label": "unnest(CAST(:labels AS smallint[])) l(value)",
    "both": "unnest(CAST(:cameras AS integer[])) c(value) CROSS JOIN unnest(CAST(:labels AS smallint[])) l(value)",
}
_MATCH: Final = {
    "camera": "e.camera = c.value",
    "label": "e.label = l.value",
    "both": "e.camera = c.value AND e.label = l.value",
}


def _statements(frame: str, keys: dict[str, str]) -> dict[str, TextClause]:
    return {name: text(frame.format(keys=keys[name], match=_MATCH[name], between=_BETWEEN)) for name in _MATCH}


_SEEK: Final = {
    True: _statements(_SQLITE, _SQLITE_KEYS),
    False: _statements(_POSTGRESQL, _POSTGRESQL_KEYS),
}


def newest_ids(
    connection: Connection,
    *,
    cameras: Sequence[int] | None,
    labels: Sequence[int] | None,
    lowest: EventId,
    highest: EventId,
    limit: int,
) -> list[EventId]:
    """The `limit` newest ids from `lowest` to `highest`, newest first; None means any camera, any label.

    The work grows with cameras times labels, not with the number of events.
    """
    given: dict[str, Any] = {"lowest": lowest, "highest": highest, "limit": limit}
    statement = _WALK
    embedded = is_sqlite(connection)
    keys = "both" if cameras is not None and labels is not None else "camera" if cameras is not None else "label"
    if cameras is not None:
        given["cameras"] = json.dumps(list(cameras)) if embedded else list(cameras)
    if labels is not None:
        given["labels"] = json.dumps(list(labels)) if embedded else list(labels)
    if cameras is not None or labels is not None:
        statement = _SEEK[embedded][keys]
    return [EventId(number) for number in connection.scalars(statement, given)]
