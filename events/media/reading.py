"""Media rows that can be seen, read in order, or some of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, tuple_

from core.ids import EventId
from registry.db import Database

from .records import StoredBlob
from .table import MediaKind, MediaState, event_media

_AT_ONCE: Final = 1_000
_COLUMNS: Final = tuple(
    event_media.c[name]
    for name in ("event", "kind", "blob_key", "bytes", "seconds", "width", "height", "sha256", "made_at")
)


@dataclass(frozen=True, slots=True)
class MediaRow:
    """A medium that can be seen."""

    event: EventId
    kind: MediaKind
    blob: StoredBlob
    made_at: datetime
    """UTC."""


def count_rows(database: Database) -> int:
    """How many there are."""
    with database.read() as connection:
        return int(connection.execute(_ready(select(func.count()).select_from(event_media))).scalar_one())


def rows_in_order(database: Database) -> Iterator[list[MediaRow]]:
    """All of them, oldest events first, in stretches, each read on its own: one that comes meanwhile may be missed."""
    event, kind = -1, ""
    while True:
        key = tuple_(event_media.c.event, event_media.c.kind)
        statement = (
            _ready(select(*_COLUMNS)).where(key > (event, kind)).order_by(event_media.c.event, event_media.c.kind)
        )
        with database.read() as connection:
            rows = connection.execute(statement.limit(_AT_ONCE)).all()
        if not rows:
            return
        yield [_row(row) for row in rows]
        event, kind = rows[-1].event, rows[-1].kind


def rows_at_random(database: Database, count: int) -> list[MediaRow]:
    """At most `count` of them, each the next one after a moment chosen at random in the time that they cover."""
    found: dict[tuple[int, str], MediaRow] = {}
    with database.read() as connection:
        ends = connection.execute(_ready(select(func.min(event_media.c.event), func.max(event_media.c.event)))).one()
        first, last = ends
        if first is None:
            return []
        for _ in range(count):
            start = random.randint(first, last)  # noqa: S311  # no secret
            statement = _ready(select(*_COLUMNS)).where(event_media.c.event >= start)
            near = connection.execute(statement.order_by(event_media.c.event).limit(3)).all()
            row = random.choice([one for one in near if one.event == near[0].event])  # noqa: S311
            found[row.event, row.kind] = _row(row)
    return [found[key] for key in sorted(found)]


def _ready(statement: Select[Any]) -> Select[Any]:
    return statement.where(
        event_media.c.state == MediaState.READY.value,
        event_media.c.blob_key.is_not(None),
        event_media.c.doomed_at.is_(None),
    )


def _row(row: Row[Any]) -> MediaRow:
    blob = StoredBlob(row.blob_key, row.bytes or 0, row.seconds, row.width, row.height, row.sha256)
    return MediaRow(EventId(row.event), MediaKind(row.kind), blob, row.made_at)
