"""Removes tracks: of most cameras by one walk over the minutes, of those with a time or a hold of their own each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, text, true, tuple_

from core.camera import DepartmentId
from core.ids import CameraId
from registry.chunks import in_chunks
from registry.columns import EPOCH
from registry.db import Database, is_sqlite
from registry.owners import owners_now
from registry.tables import camera as camera_table
from registry.tables import former_owner

from ..minutes import minute_of
from ..number_lists import listed
from ..tracks.table import track_chunk
from .held import Held, Span, held, lock_holds
from .medium import Medium
from .policy import FOR_EVER, Policy

AT_ONCE: Final = 200
"""Minutes in one transaction."""
_LATE: Final = timedelta(days=1)
"""So much later a minute may still be written."""


class TrackRemoval:
    """Removes tracks whose time is over. For one thread: it remembers how far the walk has come."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._done = EPOCH
        self._spared: set[CameraId] = set()
        """The cameras that the walk passed over."""

    def walk(self, policy: Policy, now: datetime) -> int:
        """Remove some minutes of the cameras that have no time and no hold of their own, `AT_ONCE` at most; how many.
        Raises `Unavailable`."""
        kept = policy.term(None, None, Medium.TRACK).kept
        if kept == FOR_EVER:
            return 0
        before = now - kept
        with self._database.read() as connection:
            known = held(connection)
            spared = _own_way(connection, policy, known)
        with self._database.write() as connection:
            lock_holds(connection)
            if (now_held := held(connection)) != known:
                spared = _own_way(connection, policy, now_held)
            if not self._spared <= spared:
                # A hold was released, or a time of its own taken away: what it kept lies behind.
                self._done = EPOCH
            self._spared = spared
            old = track_chunk.c.minute >= self._done, track_chunk.c.minute < before
            keys = select(track_chunk.c.camera, track_chunk.c.minute).where(*old, _is_none_of(connection, spared))
            rows = connection.execute(keys.order_by(track_chunk.c.minute).limit(AT_ONCE)).all()
            _remove(connection, [(row.camera, row.minute) for row in rows])
        self._done = rows[-1].minute if len(rows) == AT_ONCE else max(self._done, before - _LATE)
        return len(rows)

    def own_way(self, policy: Policy, now: datetime) -> list[CameraId]:
        """The cameras with a time or a hold of their own that have tracks older than that. Raises `Unavailable`."""
        found: list[CameraId] = []
        by_time: defaultdict[timedelta, list[CameraId]] = defaultdict(list)
        with self._database.read() as connection:
            for camera, owner in owners_now(connection, _own_way(connection, policy, held(connection))).items():
                by_time[policy.term(owner, None, Medium.TRACK).kept].append(camera)
            by_time.pop(FOR_EVER, None)
            for kept, cameras in by_time.items():
                old = track_chunk.c.camera == camera_table.c.id, track_chunk.c.minute < now - kept
                for chunk in in_chunks(cameras):
                    those = select(camera_table.c.id).where(camera_table.c.id.in_(chunk), exists().where(*old))
                    found += [CameraId(number) for number in connection.scalars(those)]
        return found

    def remove(self, policy: Policy, camera: CameraId, now: datetime) -> int:
        """Remove some minutes of one camera that are not held, by the time of its department: `AT_ONCE` at most; how
        many. Raises `Unavailable`."""
        with self._database.write() as connection:
            lock_holds(connection)
            owners = owners_of(connection, camera)
            kept = policy.term(owners[0], None, Medium.TRACK).kept
            if kept == FOR_EVER:
                return 0
            old = [track_chunk.c.camera == camera, track_chunk.c.minute < now - kept]
            for from_at, until_at in in_minutes(held(connection).track_spans(camera, owners)):
                old.append(~track_chunk.c.minute.between(from_at, until_at))
            some = select(track_chunk.c.minute).where(*old).order_by(track_chunk.c.minute).limit(AT_ONCE)
            minutes = list(connection.scalars(some))
            _remove(connection, [(camera, minute) for minute in minutes])
        return len(minutes)


def _remove(connection: Connection, keys: Sequence[tuple[int, datetime]]) -> None:
    if keys:
        key = tuple_(track_chunk.c.camera, track_chunk.c.minute)
        connection.execute(delete(track_chunk).where(key.in_(keys)))


def _is_none_of(connection: Connection, cameras: Collection[CameraId]) -> ColumnElement[bool]:
    embedded = is_sqlite(connection)
    among = "NOT IN (SELECT value FROM json_each(:cameras))" if embedded else "<> ALL(CAST(:cameras AS integer[]))"
    given = {"cameras": listed(sorted(cameras), embedded=embedded)}
    return and_(true(), text(f"track_chunk.camera {among}").bindparams(**given)) if cameras else true()


def _own_way(connection: Connection, policy: Policy, now_held: Held) -> set[CameraId]:
    """By department, as they are now; by hold, also of those that belonged to a department that is held."""
    usual = policy.term(None, None, Medium.TRACK).kept
    departments = {one for one in policy.tree.kinds if policy.term(one, None, Medium.TRACK).kept != usual}
    departments |= set(now_held.departments)
    found = set(now_held.cameras) | set(now_held.event_spans)
    if departments:
        now = select(camera_table.c.id).where(camera_table.c.department.in_(departments))
        before = select(former_owner.c.camera).where(former_owner.c.department.in_(set(now_held.departments)))
        found |= {CameraId(number) for number in connection.scalars(now.union(before))}
    return found


def owners_of(connection: Connection, camera: CameraId) -> list[DepartmentId]:
    """Whose the camera is, then whose it was."""
    now = connection.scalars(select(camera_table.c.department).where(camera_table.c.id == camera))
    before = connection.scalars(select(former_owner.c.department).where(former_owner.c.camera == camera))
    return [DepartmentId(number) for number in [*now, *before]]


def in_minutes(spans: Sequence[Span]) -> list[Span]:
    """Each with the whole of the minute in which it begins."""
    return [(from_at if from_at <= EPOCH else minute_of(from_at), until_at) for from_at, until_at in spans]
