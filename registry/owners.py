"""Who owned a camera when something happened on it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, text

from core.camera import DepartmentId
from core.errors import NotFound
from core.ids import CameraId

from .catalogue.known_whereabouts import steady_owners
from .chunks import in_chunks
from .columns import Instant
from .db import is_sqlite
from .tables import camera

# Constant statements: they are run for each batch of events, while SQLite's writer is held.
_AMONG: Final = {True: "IN (SELECT value FROM json_each(:cameras))", False: "= ANY(CAST(:cameras AS integer[]))"}
_NOW: Final = {
    embedded: text(f"SELECT id, department FROM camera WHERE id {among}")  # noqa: S608 - constant text
    for embedded, among in _AMONG.items()
}
_BEFORE: Final = {
    embedded: text(
        f"SELECT camera, until_at, department FROM former_owner WHERE camera {among} ORDER BY until_at"  # noqa: S608
    ).columns(until_at=Instant)
    for embedded, among in _AMONG.items()
}


class Owners:
    """The owners of some cameras, now and before."""

    def __init__(self, connection: Connection, cameras: Collection[CameraId]) -> None:
        """Raises `NotFound` for a camera that never was. One that was removed still has its owners."""
        self._before: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
        self._now = steady_owners(connection, cameras) or self._read(connection, cameras)
        if unknown := set(cameras) - set(self._now):
            raise NotFound(f"there is no camera {min(unknown)}, so nothing can have happened on it")

    def _read(self, connection: Connection, cameras: Collection[CameraId]) -> dict[CameraId, DepartmentId]:
        """Those of now; the ones before go into `_before`."""
        embedded, asked = is_sqlite(connection), sorted(set(cameras))
        given = {"cameras": json.dumps(asked) if embedded else asked}
        for number, until_at, owner in connection.execute(_BEFORE[embedded], given):
            self._before[number].append((until_at, owner))
        return {CameraId(number): DepartmentId(owner) for number, owner in connection.execute(_NOW[embedded], given)}

    def at(self, number: CameraId, moment: datetime) -> DepartmentId:
        """The owner of that camera at `moment`."""
        for until_at, owner in self._before.get(number, ()):
            if moment < until_at:
                return DepartmentId(owner)
        return self._now[number]

    def spans(
        self, number: CameraId, from_at: datetime, until_at: datetime
    ) -> Iterator[tuple[DepartmentId, datetime, datetime]]:
        """The time from `from_at` until `until_at`, by owner, oldest first."""
        for end_at, owner in self._before.get(number, ()):
            if from_at < end_at:
                if from_at < until_at:
                    yield DepartmentId(owner), from_at, min(end_at, until_at)
                from_at = end_at
        if from_at < until_at:
            yield self._now[number], from_at, until_at


def owners_now(connection: Connection, cameras: Collection[CameraId]) -> dict[CameraId, DepartmentId]:
    """Who owns each of these cameras now, removed ones too; those that never were are left out."""
    found: dict[CameraId, DepartmentId] = {}
    for chunk in in_chunks(sorted(cameras)):
        statement = select(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))
        found |= {CameraId(row.id): DepartmentId(row.department) for row in connection.execute(statement)}
    return found
