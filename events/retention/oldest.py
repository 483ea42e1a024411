"""Media from the oldest on: by day, and of each day the clips before the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Connection, exists, func, select

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, LAST_EVENT, EventId, event_camera, event_time, first_event_id
from registry.db import Database

from ..index.tables import event as event_table
from ..media.table import MediaKind, MediaState, event_media
from . import marks
from .held import Held, held
from .medium import Medium

AT_ONCE: Final = 200
_RANKS: Final = ((MediaKind.ORIGINAL, MediaKind.MASKED_CLIP), (MediaKind.SNAPSHOT,))
_LAST_MILLISECOND: Final = (1 << CAMERA_BITS) - 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A medium that may go."""

    event: EventId
    kind: MediaKind
    department: DepartmentId
    bytes: int


class OldestFirst:
    """A walk over the media of a department, or of the city, which goes on where it was. For one thread."""

    def __init__(self, database: Database, department: DepartmentId | None = None) -> None:
        self._database = database
        self._department = department
        self._done: EventId | None = None
        """Up to here all days are through; None: it has not begun."""
        self._day_end: EventId | None = None
        self._rank = 0
        self._after = EventId(0)
        self.held_back = 0
        """How many were passed over, since a hold is on them."""

    def next(self, lacking: int) -> Sequence[Candidate]:
        """The next ones that no hold is on: as many as have `lacking` bytes, and `AT_ONCE` at most; none: there are no
        more. Raises `Unavailable`."""
        while True:
            with self._database.read() as connection:
                if self._done is None:
                    self._done = _start(connection, self._department)
                if self._day_end is None and not self._begin_day(connection, self._done):
                    return ()
                rows = self._rows(connection)
                known = held(connection)
            free = [_candidate(row) for row in rows if not _is_held(known, row)]
            self.held_back += len(rows) - len(free)
            taken = _as_far_as_needed(free, lacking)
            if len(taken) < len(free):
                # Of the last event there may be another medium: it is looked at again.
                self._after = EventId(taken[-1].event - 1)
                return taken
            self._go_on(rows)
            if taken:
                return taken

    def _begin_day(self, connection: Connection, done: EventId) -> bool:
        """Find the next day that has media. False where there is none."""
        first = _first(connection, self._department, done)
        if first is None:
            return False
        day = event_time(first).date()
        next_day = datetime.combine(day + timedelta(days=1), time(), UTC)
        self._day_end = EventId(first_event_id(next_day) - 1)
        self._rank, self._after = 0, EventId(first - 1)
        return True

    def _rows(self, connection: Connection) -> Sequence[Any]:
        columns, media = event_table.c, event_media.c
        wanted = [
            media.event > self._after,
            media.event <= (self._day_end or LAST_EVENT),
            media.kind.in_([kind.value for kind in _RANKS[self._rank]]),
            *_there(),
        ]
        if self._department is not None:
            wanted.append(columns.department == self._department)
        facts = media.event, media.kind, media.bytes, columns.department, columns.last_seen_at, columns.ended_at
        source = event_media.join(event_table, columns.id == media.event)
        # All of one event at once: the next step begins after it.
        return connection.execute(
            select(*facts).select_from(source).where(*wanted).order_by(media.event).limit(AT_ONCE)
        ).all()

    def _go_on(self, rows: Sequence[Any]) -> None:
        if len(rows) == AT_ONCE:
            # Here, too.
            last = EventId(rows[-1].event)
            self._after = last if rows[0].event == last else EventId(last - 1)
            return
        if self._rank + 1 < len(_RANKS):
            self._rank += 1
            self._after = self._done or EventId(0)
            return
        self._done, self._day_end = self._day_end, None


def _as_far_as_needed(some: Sequence[Candidate], lacking: int) -> list[Candidate]:
    """The first of these that have so many bytes together, one at least, or all of them."""
    taken: list[Candidate] = []
    for one in some:
        if taken and lacking <= 0:
            break
        taken.append(one)
        lacking -= one.bytes
    return taken


def _start(connection: Connection, department: DepartmentId | None) -> EventId:
    """Up to where all pictures and clips are gone, or held, by what the passes have marked."""
    if department is None:
        return EventId(0)
    known = marks.read(connection)
    lanes = [
        min((mark for (owner, _, of), mark in known.items() if (owner, of) == (department, medium)), default=EventId(0))
        for medium in (Medium.SNAPSHOT, Medium.ORIGINAL)
    ]
    return min(lanes)


def _first(connection: Connection, department: DepartmentId | None, done: EventId) -> EventId | None:
    """The oldest event after `done` that has a medium."""
    media = event_media.c
    if department is None:
        found = connection.scalar(select(func.min(media.event)).where(media.event > done, *_there()))
    else:
        columns = event_table.c
        has_some = exists().where(media.event == columns.id, *_there())
        oldest = select(columns.id).where(columns.department == department, columns.id > done, has_some)
        found = connection.scalar(oldest.order_by(columns.id).limit(1))
    return None if found is None else EventId(found)


def _there() -> list[Any]:
    return [event_media.c.state == MediaState.READY.value, event_media.c.doomed_at.is_(None)]


def _candidate(row: Any) -> Candidate:
    return Candidate(EventId(row.event), MediaKind(row.kind), DepartmentId(row.department), row.bytes or 0)


def _is_held(known: Held, row: Any) -> bool:
    event = EventId(row.event)
    return known.has(event, event_camera(event), DepartmentId(row.department), row.ended_at or row.last_seen_at)
