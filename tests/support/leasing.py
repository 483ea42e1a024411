"""A registry with cameras and workers for tests of leases: whose heart beats when is up to the test."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, select, update

from core.ids import CameraId
from registry import cameras, leases, streams, tables, workers
from registry.db import Database
from registry.deal import Dealt, deal
from registry.deal_plan import loads_of, plan
from registry.server_clock import server_time
from registry.tables import camera_epoch, stream, stream_state
from registry.workers import WorkerId
from tests.support.builders import START


class Leasing:
    """What a dealer and its fellow workers do, step by step."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add_cameras(self, count: int) -> list[CameraId]:
        """Enabled cameras, each with a detect stream."""
        with self.database.write() as connection:
            before = cameras.count(connection)
            added = [cameras.add(connection, name=f"camera {before + n}").id for n in range(count)]
            for number in added:
                streams.add(connection, number, url="rtsp://127.0.0.1:1/x")
        return added

    def join(self, capacity: float = 1.0, *, silent_s: float = 0.0) -> WorkerId:
        """A worker that registers, and whose heart beat last `silent_s` ago."""
        with self.database.write() as connection:
            at = server_time(connection) - timedelta(seconds=silent_s)
            return workers.register(connection, pid=1, at=at, port=1, token="token", capacity=capacity).id

    def silence(self, worker: WorkerId, seconds: float = 6.0) -> None:
        """Its heart beat last so long ago."""
        with self.database.write() as connection:
            workers.beat(connection, worker, server_time(connection) - timedelta(seconds=seconds))

    def deal(self, dealer: WorkerId, *, may_take_over: bool = True) -> Dealt:
        """One deal. Everybody else who is alive renewed a moment ago."""
        with self.database.read() as connection:
            planned = plan(connection, may_take_over=may_take_over)
        with self.database.write() as connection:
            return deal(connection, dealer, planned.moves, may_take_over=may_take_over)

    def settle(self, dealer: WorkerId, most: int = 50) -> int:
        """Deal until nothing is to be dealt any more. How many deals that took."""
        for count in range(most):
            with self.database.read() as connection:
                planned = plan(connection, may_take_over=True)
            if not planned.moves:
                return count
            with self.database.write() as connection:
                deal(connection, dealer, planned.moves, may_take_over=True)
        raise AssertionError(f"cameras still move after {most} deals")

    def held(self, worker: WorkerId) -> list[CameraId]:
        with self.database.read() as connection:
            return sorted(leases.held(connection, worker))

    def spread(self) -> Counter[WorkerId]:
        """How many cameras each worker holds."""
        with self.database.read() as connection:
            loads = loads_of(connection, workers.list_workers(connection))
        return Counter({number: load.cameras for number, load in loads.items() if load.cameras})

    def epochs(self, camera: CameraId) -> list[tuple[int, WorkerId, bool]]:
        """Of a camera: each epoch's number, who held it, and whether it is still open."""
        with self.database.read() as connection:
            rows = select(camera_epoch).where(camera_epoch.c.camera == camera).order_by(camera_epoch.c.epoch)
            return [(row.epoch, WorkerId(row.worker), row.until_at is None) for row in connection.execute(rows)]

    def see(self, seen: Sequence[CameraId], width: int, height: int, fps: float | None) -> None:
        """These cameras' streams have pictures of that size."""
        with self.database.write() as connection:
            numbers = connection.execute(select(stream.c.camera, stream.c.id).where(stream.c.camera.in_(seen))).all()
            values = {"state": "live", "since": START, "reason": "", "counters": "{}", "seen_at": START}
            values |= {"width": width, "height": height, "fps": fps}
            rows = [{"stream": row.id, "camera": row.camera, **values} for row in numbers]
            connection.execute(insert(stream_state), rows)

    def switch_off(self, number: CameraId) -> None:
        with self.database.write() as connection:
            connection.execute(update(tables.camera).where(tables.camera.c.id == number).values(enabled=False))
