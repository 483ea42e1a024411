"""Removes media: marks them, then removes their blobs, then their rows.

A marked medium is not shown any more. Whoever dies between two steps leaves marked rows, which `finish` takes up: the
blob of a row that is there may be gone, but no blob is left whose row is gone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from core.camera import DepartmentId
from core.clock import Clock
from core.ids import EventId, event_camera
from registry.db import Database

from ..index.tables import event as event_table
from ..media.blobs import Blobs
from ..media.table import MediaKind, event_media
from .held import Held, held, lock_holds
from .pace import Pace

AT_ONCE: Final = 200
"""Media in one transaction at most: SQLite's writer is held for some milliseconds."""
_FEWEST: Final = 25


class Reason(StrEnum):
    """Why something goes."""

    AGE = "age"
    """Its time is over."""
    QUOTA = "quota"
    """Its department has more than it may."""
    ROOM = "room"
    """The disk is full."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A medium that is being removed."""

    event: EventId
    kind: MediaKind
    key: str | None
    bytes: int


@dataclass(frozen=True, slots=True)
class Removed:
    """What has gone."""

    count: int = 0
    bytes: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(self.count + other.count, self.bytes + other.bytes)


OnRemoved = Callable[[str, Reason, int, int], None]
"""Told what went: the medium, why, how many, and how many bytes they had."""


class MediaRemoval:
    """Removes media. Any thread and process may; a medium that two remove goes once."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        clock: Clock,
        on_removed: OnRemoved = lambda *_: None,
        pace: Pace | None = None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock
        self._on_removed = on_removed
        self._pace = pace or Pace(100, fewest=_FEWEST, most=AT_ONCE)

    def remove(self, media: Sequence[tuple[EventId, MediaKind]], reason: Reason) -> Removed:
        """Remove those of `media`, `AT_ONCE` at most, that are not held at this moment.

        Raises `Unavailable` where the database or the store is away; what is marked by then is for `finish`.
        """
        removed, left = Removed(), list(media)
        while left:
            some, left = left[: self._pace.at_once], left[self._pace.at_once :]
            with self._database.write() as connection:
                began = perf_counter()
                marked = mark(connection, some, self._clock.now())
                self._pace.took(perf_counter() - began, len(some))
            removed += self._finish(marked, reason)
            if left:
                self._clock.sleep(self._pace.pause_s)
        return removed

    def drop(self, media: Sequence[tuple[EventId, MediaKind]]) -> None:
        """Remove the blobs of those of `media` that are not held, and change no row: only where nothing can be written,
        and just before `remove`. Raises `Unavailable`."""
        wanted = set(media)
        columns = event_media.c
        rows = select(columns.event, columns.kind, columns.blob_key).where(
            columns.event.in_({one for one, _ in wanted})
        )
        with self._database.read() as connection:
            free = _not_held(connection, {event for event, _ in wanted}, held(connection))
            found = [row for row in connection.execute(rows) if row.event in free]
        for row in found:
            if row.blob_key is not None and (row.event, MediaKind(row.kind)) in wanted:
                self._blobs.delete(row.blob_key)

    def finish(self) -> Removed:
        """Remove some of what was marked and is still there: `AT_ONCE` at most. Raises as `remove` does."""
        with self._database.read() as connection:
            left = marked_before(connection, self._pace.at_once)
        return self._finish(left, Reason.AGE)

    def _finish(self, marked: Sequence[Marked], reason: Reason) -> Removed:
        if not marked:
            return Removed()
        for one in marked:
            if one.key is not None:
                self._blobs.delete(one.key)
        with self._database.write() as connection:
            began = perf_counter()
            forget(connection, marked)
            self._pace.took(perf_counter() - began, len(marked))
        for kind, some in _by_kind(marked).items():
            self._on_removed(kind.value, reason, len(some), sum(one.bytes for one in some))
        return Removed(len(marked), sum(one.bytes for one in marked))


def mark(connection: Connection, media: Iterable[tuple[EventId, MediaKind]], at: datetime) -> list[Marked]:
    """Mark those of `media` for removal that are there and not held. Which they were."""
    lock_holds(connection)
    now_held = held(connection)
    by_kind: defaultdict[MediaKind, list[EventId]] = defaultdict(list)
    for event, kind in media:
        by_kind[kind].append(event)
    free = _not_held(connection, {event for some in by_kind.values() for event in some}, now_held)
    marked: list[Marked] = []
    for kind, events in by_kind.items():
        those = event_media.c.event.in_([event for event in events if event in free]), event_media.c.kind == kind.value
        marking = update(event_media).where(*those, event_media.c.doomed_at.is_(None)).values(doomed_at=at)
        rows = connection.execute(marking.returning(event_media.c.event, event_media.c.blob_key, event_media.c.bytes))
        marked += [Marked(EventId(row.event), kind, row.blob_key, row.bytes or 0) for row in rows]
    return marked


def marked_before(connection: Connection, most: int) -> list[Marked]:
    """Some media that are marked, the first of them first."""
    columns = event_media.c
    waiting = select(columns.event, columns.kind, columns.blob_key, columns.bytes).where(columns.doomed_at.is_not(None))
    rows = connection.execute(waiting.order_by(columns.doomed_at).limit(most))
    return [Marked(EventId(row.event), MediaKind(row.kind), row.blob_key, row.bytes or 0) for row in rows]


def count_marked(connection: Connection) -> int:
    """How many media are marked, and still there."""
    waiting = select(func.count()).select_from(event_media).where(event_media.c.doomed_at.is_not(None))
    return int(connection.execute(waiting).scalar_one())


def forget(connection: Connection, marked: Sequence[Marked]) -> None:
    """Remove the rows of marked media, whose blobs are gone."""
    for kind, some in _by_kind(marked).items():
        those = event_media.c.event.in_([one.event for one in some]), event_media.c.kind == kind.value
        connection.execute(delete(event_media).where(*those, event_media.c.doomed_at.is_not(None)))


def _not_held(connection: Connection, events: set[EventId], now_held: Held) -> set[EventId]:
    """Those that no hold covers; one that is not on record is covered by a hold on itself alone."""
    if now_held.is_nothing:
        return events
    columns = event_table.c
    facts = select(columns.id, columns.department, columns.last_seen_at, columns.ended_at)
    is_held = {
        EventId(row.id)
        for row in connection.execute(facts.where(columns.id.in_(events)))
        if now_held.has(
            EventId(row.id),
            event_camera(EventId(row.id)),
            DepartmentId(row.department),
            row.ended_at or row.last_seen_at,
        )
    }
    return events - is_held - now_held.events


def _by_kind(marked: Sequence[Marked]) -> dict[MediaKind, list[Marked]]:
    found: defaultdict[MediaKind, list[Marked]] = defaultdict(list)
    for one in marked:
        found[one.kind].append(one)
    return dict(found)
