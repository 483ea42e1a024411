"""Walks over the newest events past those that are not under the keys of a reach: quicker than asking each key, as long
as there are many keys, and something under them on every page.

The database sifts: it keeps the numbers in a hash or a tree. A plain list it would go through for each event. With
labels nothing is walked: PostgreSQL takes the wrong index for rare ones, and SQLite would look each row up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from core.ids import LAST_CAMERA, EventId
from registry.db import is_sqlite

from .reach_keys import KeyGroup, KeyKind

_FEWEST_KEYS: Final = 32
"""Fewer are asked one by one at once."""
_FOR_A_KEY: Final = 6
"""So many events are walked over for each key: a third of what it costs to ask the key."""
_MOST: Final = 8_000
_FRAME: Final = """
    SELECT e.id FROM (
        SELECT id, department FROM event WHERE id BETWEEN :lowest AND :highest ORDER BY id DESC LIMIT :walk
    ) e WHERE {match} ORDER BY e.id DESC LIMIT :limit
"""
_END: Final = text("""
    SELECT count(*), min(id) FROM (
        SELECT id FROM event WHERE id BETWEEN :lowest AND :highest ORDER BY id DESC LIMIT :walk
    ) e
""")
_CAMERA: Final = f"e.id & {LAST_CAMERA}"
_IN: Final = {
    True: "{what} IN (SELECT value FROM json_each(:{name}))",
    False: "CAST({what} AS bigint) IN (SELECT unnest(CAST(:{name} AS bigint[])))",
}
_STATEMENTS: Final = {
    (embedded, with_departments): text(
        _FRAME.format(
            match=_IN[embedded].format(what=_CAMERA, name="cameras")
            + (" OR " + _IN[embedded].format(what="e.department", name="departments") if with_departments else "")
        )
    )
    for embedded in (True, False)
    for with_departments in (True, False)
}


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk came to."""

    ids: list[EventId]
    """Newest first; all there are under the keys from `down_to` on, or as many as were asked for."""
    down_to: EventId
    """What lies below was not looked at."""


def walked(
    connection: Connection,
    groups: Sequence[KeyGroup],
    *,
    lowest: EventId,
    highest: EventId,
    limit: int,
) -> Walked | None:
    """The newest ids under any of the keys, as far as a walk is worth it; None where it is not."""
    keys = sum(map(len, groups))
    floor = EventId(max([lowest, *map(_whole_from, groups)]))
    living = [group for group in groups if group.kind is not KeyKind.CAMERA_FOR_A_TIME]
    if keys < _FEWEST_KEYS or floor > highest:
        return None
    embedded = is_sqlite(connection)
    numbers = {
        kind: [number for group in living if (group.kind is KeyKind.DEPARTMENT) is kind for number in group.numbers]
        for kind in (False, True)
    }
    given: dict[str, Any] = {"lowest": floor, "highest": highest, "walk": min(_FOR_A_KEY * keys, _MOST)}
    asked = {"cameras": _list(numbers[False], embedded=embedded), "limit": limit}
    if numbers[True]:
        asked["departments"] = _list(numbers[True], embedded=embedded)
    statement = _STATEMENTS[embedded, bool(numbers[True])]
    ids = [EventId(number) for number in connection.scalars(statement, given | asked)]
    if len(ids) >= limit:
        return Walked(ids, ids[-1])
    count, last = connection.execute(_END, given).one()
    return Walked(ids, floor if count < given["walk"] else EventId(last))


def _whole_from(group: KeyGroup) -> int:
    """From which id on all events of the group's cameras or departments are under its keys; of those for a time none
    is any more."""
    match group.kind:
        case KeyKind.CAMERA:
            return int((group.rows & ~LAST_CAMERA).max())
        case KeyKind.CAMERA_FOR_A_TIME:
            return int(group.rows[:, 2].max()) + 1
        case KeyKind.DEPARTMENT:
            return int(group.rows[:, 1].max())


def _list(numbers: list[int], *, embedded: bool) -> str:
    return json.dumps(numbers) if embedded else f"{{{','.join(map(str, numbers))}}}"
