"""Blobs that no media row names: what a worker wrote that died before its row said so, or that a removal left."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from core.ids import EventId
from registry.chunks import in_chunks
from registry.db import Database

from ..index.tables import event as event_table
from .blobs import Blobs
from .keys import BlobName, name_of
from .listing import StoredKey
from .table import MediaState, event_media

SPARED: Final = timedelta(hours=48)
"""What is younger may be on its way: its row comes when the database is back."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """A stretch of the store."""

    blobs: int
    """How many were looked at."""
    foreign: int
    """Of them, those whose keys are none of ours: they are never touched."""
    young: int
    """Of them, those that are spared since they were written a short time ago."""
    orphans: tuple[StoredKey, ...]
    strangers: int
    """How many of these are of events that the database does not know at all."""
    upto: str
    """The last key: where one goes on."""


def look_for_orphans(database: Database, blobs: Blobs, before: datetime, after: str = "") -> Iterator[Looked]:
    """All of the store behind the key `after`, in order, in stretches. Orphans were written before `before` (UTC).

    Nothing is changed. Raises `Unavailable` where the listing breaks off, or the database is away.
    """
    for stretch in in_chunks(blobs.keys(after=after), _AT_ONCE):
        ours = {found.key: name for found in stretch if (name := _ours(found.key)) is not None}
        old = {found.key: found for found in stretch if found.key in ours and found.changed_at < before}
        spared = _spared(database, {key: ours[key] for key in old})
        orphans = tuple(found for key, found in old.items() if key not in spared)
        yield Looked(
            blobs=len(stretch),
            foreign=len(stretch) - len(ours),
            young=len(ours) - len(old),
            orphans=orphans,
            strangers=_count_strangers(database, [ours[found.key].event for found in orphans]),
            upto=stretch[-1].key,
        )


def is_still_orphan(database: Database, key: str) -> bool:
    """Whether no row names it now: one may have come since it was looked at."""
    name = _ours(key)
    return name is not None and key not in _spared(database, {key: name})


def _count_strangers(database: Database, events: Sequence[EventId]) -> int:
    if not events:
        return 0
    with database.read() as connection:
        known = set(connection.scalars(select(event_table.c.id).where(event_table.c.id.in_(set(events)))))
    return sum(event not in known for event in events)


def _ours(key: str) -> BlobName | None:
    name = name_of(key)
    return name if name is not None and name.key == key else None


def _spared(database: Database, names: dict[str, BlobName]) -> Collection[str]:
    """The keys that a row names, and those whose medium is on its way: its row will name it."""
    events = {name.event for name in names.values()}
    if not events:
        return ()
    columns = event_media.c.event, event_media.c.kind, event_media.c.state, event_media.c.blob_key
    spared: set[str] = set()
    pending: set[tuple[EventId, str]] = set()
    with database.read() as connection:
        for row in connection.execute(select(*columns).where(event_media.c.event.in_(events))):
            if row.blob_key is not None:
                spared.add(row.blob_key)
            if row.state == MediaState.PENDING.value:
                pending.add((EventId(row.event), row.kind))
    return spared | {key for key, name in names.items() if (name.event, name.kind.value) in pending}
