"""Who owned a camera when an event started."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.errors import NotFound
from core.ids import CameraId
from registry.chunks import in_chunks
from registry.tables import camera, former_owner


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
            raise NotFound(f"there is no camera {min(unknown)}, so it cannot have events")

    def at(self, number: CameraId, moment: datetime) -> DepartmentId:
        """The owner of that camera at `moment`."""
        for until_at, owner in self._before.get(number, ()):
            if moment < until_at:
                return DepartmentId(owner)
        return DepartmentId(self._now[number])
