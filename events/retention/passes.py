"""A pass: what is over its time goes, the media first, then their events, then tracks; a little at a time.

A pass may be broken off and begun again anywhere: it goes on where the marks are.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Event as Flag
from typing import Any, Final

from sqlalchemy import Connection, and_, exists, select

from core.camera import DepartmentId
from core.clock import Clock
from core.ids import EventId, event_camera
from registry.chunks import in_chunks
from registry.db import Database

from ..index.tables import event as event_table
from ..media.blobs import Blobs
from ..media.table import MediaKind, event_media
from . import lanes, marks
from .event_removal import EventRemoval
from .held import Held, held
from .lanes import Stretch
from .media_removal import AT_ONCE, MediaRemoval, OnRemoved, Reason
from .medium import Medium
from .played import clips_over
from .policy import Policy
from .settings import RetentionSettings
from .track_removal import AT_ONCE as MINUTES_AT_ONCE
from .track_removal import TrackRemoval

_READ_AT_ONCE: Final = 1_000
"""Events that one statement looks at: some milliseconds."""
_PAUSE_S: Final = 0.02
"""Between two transactions: others want to write, too."""


class Passes:
    """Removes what is over its time. For one thread; several processes may do it at once."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        clock: Clock,
        settings: RetentionSettings,
        track_log_h: int,
        on_removed: OnRemoved = lambda *_: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._track_log_h = track_log_h
        self._on_removed = on_removed
        self.media = MediaRemoval(database, blobs, clock, on_removed)
        self._events = EventRemoval(database)
        self._tracks = TrackRemoval(database)

    def run(self, stop: Flag) -> None:
        """Remove all that is over its time now; returns early once `stop` is set. Raises `Unavailable`."""
        self.finish(stop)
        now = self._clock.now()
        with self._database.read() as connection:
            policy = self.policy(connection)
            change = lanes.moved(connection, policy)
        if change.put or change.gone:
            with self._database.write() as connection:
                # Read once more: others may do the same at this moment.
                lanes.move(connection, lanes.moved(connection, policy))
        self._masked_clips(policy, now, stop)
        for medium in lanes.WALKED:
            with self._database.read() as connection:
                stretches = lanes.with_something(connection, policy, medium, now)
            for stretch in stretches:
                self._walk(stretch, stop)
        for camera in self._tracks.own_way(policy, now):
            while not stop.is_set():
                removed = self._tracks.remove(policy, camera, now)
                self._tell_tracks(removed, stop)
                if removed < MINUTES_AT_ONCE:
                    break

    def prune_tracks(self, stop: Flag) -> None:
        """Remove the tracks whose time is over, of the cameras that have no time and no hold of their own."""
        with self._database.read() as connection:
            policy = self.policy(connection)
        removed = MINUTES_AT_ONCE
        while removed == MINUTES_AT_ONCE and not stop.is_set():
            removed = self._tracks.walk(policy, self._clock.now())
            self._tell_tracks(removed, stop)

    def finish(self, stop: Flag) -> None:
        """Remove what was marked before, by whomever."""
        while not stop.is_set() and self.media.finish().count:
            self._clock.sleep(_PAUSE_S, stop)

    def policy(self, connection: Connection) -> Policy:
        """What counts now."""
        return Policy(connection, self._settings, self._track_log_h)

    def _tell_tracks(self, removed: int, stop: Flag) -> None:
        if removed:
            self._on_removed(Medium.TRACK.value, Reason.AGE, removed, 0)
            self._clock.sleep(_PAUSE_S, stop)

    def _walk(self, stretch: Stretch, stop: Flag) -> None:
        after, farthest = stretch.after, stretch.farthest
        with self._database.read() as connection:
            known = held(connection)
        while not stop.is_set():
            with self._database.read() as connection:
                rows = _looked_at(connection, stretch, after)
            if not rows:
                break
            if stretch.medium is Medium.EVENT:
                left = self._remove_events(stretch, rows, known, stop)
                farthest = min(farthest, *left) if left else farthest
            else:
                self._remove_media(stretch, rows, known, stop)
            if stop.is_set():
                break  # not all of these rows may have been done
            after = EventId(rows[-1].id)
            self._advance(stretch, min(after, EventId(farthest - 1)), known)
            if len(rows) < _READ_AT_ONCE:
                break

    def _advance(self, stretch: Stretch, upto: EventId, known: Held) -> None:
        if upto <= stretch.after:
            return
        with self._database.write() as connection:
            marks.advance(connection, stretch.lane, upto, known)

    def _remove_media(self, stretch: Stretch, rows: Sequence[Any], known: Held, stop: Flag) -> None:
        kind = stretch.medium.media_kind
        if kind is None:
            return
        due = (
            (EventId(row.id), kind)
            for row in rows
            if row.is_there and stretch.has(row.kind) and not _is_held(known, row)
        )
        self._remove_all(due, stop)

    def _remove_all(self, media: Iterable[tuple[EventId, MediaKind]], stop: Flag) -> None:
        for chunk in in_chunks(media, AT_ONCE):
            if stop.is_set():
                return
            self.media.remove(chunk, Reason.AGE)
            self._clock.sleep(_PAUSE_S, stop)

    def _remove_events(self, stretch: Stretch, rows: Sequence[Any], known: Held, stop: Flag) -> list[EventId]:
        """Those that are over their time and could not go yet: they go on, or have media."""
        theirs = [row for row in rows if stretch.has(row.kind) and not _is_held(known, row)]
        due = [
            EventId(row.id)
            for row in theirs
            if not row.is_there and row.ended_at is not None and row.ended_at < stretch.ends_before
        ]
        left = {EventId(row.id) for row in theirs} - set(due)
        while due and not stop.is_set():
            at_once = self._events.pace.at_once
            some, due = due[:at_once], due[at_once:]
            removed = self._events.remove(some, stretch.ends_before)
            if removed < len(some):
                left.update(some)  # something has come between: they are looked at again
            if removed:
                self._on_removed(Medium.EVENT.value, Reason.AGE, removed, 0)
            self._clock.sleep(self._events.pace.pause_s, stop)
        return sorted(left)

    def _masked_clips(self, policy: Policy, now: datetime, stop: Flag) -> None:
        """They are made at any time, so that no mark says where they begin: they have an index of their own."""
        after: EventId | None = EventId(0)
        while after is not None and not stop.is_set():
            with self._database.read() as connection:
                found, after = clips_over(connection, policy, now, after)
            self._remove_all(((one.event, MediaKind.MASKED_CLIP) for one in found if not one.is_held), stop)


def _looked_at(connection: Connection, stretch: Stretch, after: EventId) -> Sequence[Any]:
    """The next events of the stretch's department, of whatever kind, and whether the medium (of an event: any) is
    there."""
    columns = event_table.c
    theirs = event_media.c.event == columns.id
    kind = stretch.medium.media_kind
    if kind is not None:
        theirs = and_(theirs, event_media.c.kind == kind.value, event_media.c.doomed_at.is_(None))
    facts = columns.id, columns.department, columns.kind, columns.last_seen_at, columns.ended_at
    statement = (
        select(*facts, exists().where(theirs).label("is_there"))
        .where(columns.department == stretch.department, columns.id > after, columns.id < stretch.before)
        .order_by(columns.id)
        .limit(_READ_AT_ONCE)
    )
    return connection.execute(statement).all()


def _is_held(known: Held, row: Any) -> bool:
    number = EventId(row.id)
    return known.has(number, event_camera(number), DepartmentId(row.department), row.ended_at or row.last_seen_at)
