"""Who owned a camera when something happened on it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.errors import NotFound
from core.ids import CameraId

from .chunks import in_chunks
from .tables import camera, former_owner


class Owners:
    """The owners of some cameras, now and before."""

    def __init__(self, connection: Connection, cameras: Collection[CameraId]) -> None:
        """Raises `NotFound` for a camera that never was. One that was removed still has its owners."""
        self._now: dict[int, int] = {}
        self._before: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for chunk in in_chunks(sorted(set(cameras))):
            now = select(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))
            self._now |= {row.id: row.department for row in connection.execute(now)}
            before = select(former_owner).where(former_owner.c.camera.in_(chunk)).order_by(former_owner.c.until_at)
            for row in connection.execute(before):
                self._before[row.camera].append((row.until_at, row.department))
        if unknown := set(cameras) - set(self._now):
            raise NotFound(f"there is no camera {min(unknown)}, so nothing can have happened on it")

    def at(self, number: CameraId, moment: datetime) -> DepartmentId:
        """The owner of that camera at `moment`."""
        for until_at, owner in self._before.get(number, ()):
            if moment < until_at:
                return DepartmentId(owner)
        return DepartmentId(self._now[number])

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
            yield DepartmentId(self._now[number]), from_at, until_at


def owners_now(connection: Connection, cameras: Collection[CameraId]) -> dict[CameraId, DepartmentId]:
    """Who owns each of these cameras now, removed ones too; those that never were are left out."""
    found: dict[CameraId, DepartmentId] = {}
    for chunk in in_chunks(sorted(cameras)):
        statement = select(camera.c.id, camera.c.department).where(camera.c.id.in_(chunk))
        found |= {CameraId(row.id): DepartmentId(row.department) for row in connection.execute(statement)}
    return found
