"""Media rows whose blobs are gone, and media that were said to come and never came."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Select, delete, func, select, update

from core.errors import NotFound
from core.ids import EventId
from registry.db import Database

from ..index import changes
from ..index.tables import event as event_table
from .blobs import Blobs
from .reading import MediaRow, rows_in_order
from .table import MediaKind, MediaState, event_media

GONE: Final = "what was stored is gone"
NEVER_CAME: Final = "it never came from its worker's disk"
WAITED_FOR: Final = timedelta(days=7)
"""How long a medium is waited for that lies on a worker's disk. One that comes later is shown all the same."""
AT_ONCE: Final = 100
"""Rows of one transaction."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A stretch of the media rows."""

    rows: int
    gone: tuple[MediaRow, ...]


def look_for_vanished(database: Database, blobs: Blobs, before: datetime) -> Iterator[Compared]:
    """All media that can be seen by their rows, oldest events first, in stretches, and those whose blobs are gone.

    The store is listed a day at a time, and what is not in the list is asked for by its name. Media made since
    `before` (UTC) are passed over. Nothing is changed. Raises `Unavailable` where the store or the database is away.
    """
    listed: tuple[str, frozenset[str]] = "", frozenset()
    for rows in rows_in_order(database):
        gone = []
        for row in rows:
            if row.made_at >= before:
                continue
            day = "/".join(row.blob.key.split("/")[:3]) + "/"
            if day != listed[0]:
                listed = day, frozenset(found.key for found in blobs.keys(day))
            if row.blob.key not in listed[1] and _is_gone(blobs, row.blob.key):
                gone.append(row)
        yield Compared(len(rows), tuple(gone))


def say_vanished(connection: Connection, gone: Collection[MediaRow], at: datetime) -> int:
    """Say of these, at most `AT_ONCE`, that there is nothing to see any more. How many rows that changed.

    A masked clip's row goes, so that the clip is made again when it is asked for; others fail, with the reason, and the
    followers of their events are told. A row that names another blob by now, or that is being removed, stays.
    """
    changes.lock(connection)
    changed, told = 0, set()
    for row in gone:
        is_it = (
            event_media.c.event == row.event,
            event_media.c.kind == row.kind.value,
            event_media.c.state == MediaState.READY.value,
            event_media.c.blob_key == row.blob.key,
            event_media.c.doomed_at.is_(None),
        )
        if row.kind is MediaKind.MASKED_CLIP:
            changed += connection.execute(delete(event_media).where(*is_it)).rowcount
        elif connection.execute(update(event_media).where(*is_it).values(_failed(GONE, at))).rowcount:
            changed += 1
            told.add(row.event)
    _tell(connection, told)
    return changed


def count_never_came(connection: Connection, before: datetime) -> int:
    """How many media wait on a worker's disk since before that time (UTC)."""
    return connection.execute(select(func.count()).select_from(_late(before).subquery())).scalar_one()


def say_never_came(connection: Connection, before: datetime, at: datetime) -> int:
    """Give up at most `AT_ONCE` of them, and tell the followers of their events. How many; 0 where none is left."""
    changes.lock(connection)
    late = [(EventId(row.event), row.kind) for row in connection.execute(_late(before).limit(AT_ONCE))]
    for event, kind in late:
        connection.execute(
            update(event_media)
            .where(event_media.c.event == event, event_media.c.kind == kind)
            .values(_failed(NEVER_CAME, at))
        )
    _tell(connection, {event for event, _ in late})
    return len(late)


def _late(before: datetime) -> Select[tuple[int, str]]:
    return select(event_media.c.event, event_media.c.kind).where(
        event_media.c.state == MediaState.PENDING.value, event_media.c.spooled_at < before
    )


def _is_gone(blobs: Blobs, key: str) -> bool:
    try:
        blobs.size(key)
    except NotFound:
        return True
    return False


def _failed(reason: str, at: datetime) -> dict[str, object]:
    nothing = dict.fromkeys(("blob_key", "bytes", "seconds", "width", "height", "sha256", "spooled_at"))
    return nothing | {"state": MediaState.FAILED.value, "reason": reason, "made_at": at}


def _tell(connection: Connection, events: Collection[EventId]) -> None:
    versions = select(event_table.c.id, event_table.c.version).where(event_table.c.id.in_(sorted(events)))
    told: Sequence[tuple[EventId, int]] = [
        (EventId(row.id), row.version) for row in connection.execute(versions.order_by(event_table.c.id))
    ]
    changes.append_all(connection, told)
