"""The worker's round: the registry and the leases are followed, and a fault in that does not make it seem dead."""

from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread

import pytest
from sqlalchemy import select, update

from core.camera import Camera
from core.clock import SystemClock
from core.ids import CameraId
from registry import cameras, leases, stream_states, streams, workers
from registry.db import Database
from registry.server_clock import server_time
from registry.tables import stream_state
from registry.workers import WorkerId
from sharp_eyes.worker.database_clock import DatabaseClock
from sharp_eyes.worker.dealing import Dealing
from sharp_eyes.worker.heart import Heart
from sharp_eyes.worker.rounds import Rounds
from tests.support.builders import START, FakeClock
from tests.support.waiting import wait_for

from .town import NOWHERE, Town, a_camera


class Going:
    """A worker's threads: rounds right after each other, heart and dealing in real time."""

    def __init__(self, database: Database, town: Town) -> None:
        self.database = database
        self.clock = DatabaseClock(SystemClock())
        self.heart = Heart(database, town.board, self.clock, self._register)
        self.dealing = Dealing(database, self.heart, self.clock)
        self.stop = Flag()
        self.thread = Thread(
            target=Rounds(database, self.heart, town.city, town.clock).run, args=(self.stop,), daemon=True
        )
        self.heart.start()
        self.dealing.start()
        self.thread.start()

    def held(self) -> list[CameraId]:
        with self.database.read() as connection:
            return sorted(leases.held(connection, self.heart.worker))

    def end(self) -> None:
        self.stop.set()
        self.thread.join()
        self.dealing.stop()
        self.heart.stop()

    def _register(self) -> WorkerId:
        with self.database.write() as connection:
            return workers.register(connection, pid=1, at=server_time(connection), port=1, token="token").id


@pytest.fixture
def camera(sqlite_database: Database) -> CameraId:
    return add(sqlite_database, "gate")


def add(database: Database, name: str) -> CameraId:
    with database.write() as connection:
        camera = cameras.add(connection, name=name).id
        streams.add(connection, camera, url=NOWHERE)
    return camera


def test_a_camera_that_is_not_watched_any_more_has_no_state_and_no_lease(
    sqlite_database: Database, town: Town, camera: CameraId
) -> None:
    def states() -> dict[CameraId, object]:
        with sqlite_database.read() as connection:
            return dict(stream_states.of_cameras(connection, [camera]))

    going = Going(sqlite_database, town)
    try:
        wait_for(states, "its state is on record")
        assert going.held() == [camera]
        with sqlite_database.write() as connection:
            found = cameras.get(connection, camera)
            cameras.change(connection, Camera(camera, found.name, found.department, enabled=False), START)
        wait_for(lambda: not states(), "its state is forgotten")
        wait_for(lambda: not going.held(), "its lease has ended")
    finally:
        going.end()


def test_a_fault_in_following_the_registry_does_not_stop_the_heartbeat(
    sqlite_database: Database, town: Town, camera: CameraId, caplog: pytest.LogCaptureFixture
) -> None:
    # A watch that somebody else put there: adding the camera fails in every round.
    town.scheduler.add(camera, town.make_watch(camera, (), 1))
    going = Going(sqlite_database, town)
    with sqlite_database.read() as connection:
        began = workers.list_workers(connection)[0].started_at

    def beats() -> bool:
        with sqlite_database.read() as connection:
            return workers.list_workers(connection)[0].heartbeat_at - began > timedelta(seconds=1)

    try:
        wait_for(beats, "the heart to beat on")
    finally:
        going.end()
    assert caplog.text.count("is being looked at already") == 1
    town.scheduler.remove(camera)


def test_a_clock_that_is_set_back_does_not_hold_up_the_rounds(
    sqlite_database: Database, town: Town, camera: CameraId, clock: FakeClock
) -> None:
    going = Going(sqlite_database, town)
    try:
        wait_for(lambda: camera in town.city.cameras, "the camera is watched")
        town.clock.set(START.replace(year=2025))
        other = add(sqlite_database, "yard")
        wait_for(lambda: other in town.city.cameras, "the other one is watched, too")
    finally:
        going.end()


def test_after_the_databases_clock_was_set_back_states_are_told_again(
    sqlite_database: Database, town: Town, camera: CameraId
) -> None:
    def told_at() -> datetime | None:
        with sqlite_database.read() as connection:
            return connection.execute(select(stream_state.c.seen_at)).scalar_one_or_none()

    going = Going(sqlite_database, town)
    try:
        wait_for(told_at, "its state is on record")
        in_an_hour = SystemClock().now() + timedelta(hours=1)
        with sqlite_database.write() as connection:
            connection.execute(update(stream_state).values(seen_at=in_an_hour))
        going.clock.anchor(in_an_hour, going.clock.monotonic(), going.clock.monotonic())
        wait_for(lambda: told_at() != in_an_hour, "it is told again")
        assert going.heart.steady_s < 5
    finally:
        going.end()


def test_a_worker_that_was_forgotten_ends_its_readers_and_begins_anew(
    sqlite_database: Database, town: Town, camera: CameraId
) -> None:
    going = Going(sqlite_database, town)
    try:
        wait_for(lambda: town.city.cameras == [camera], "the camera is watched")
        former = going.heart.worker
        with sqlite_database.write() as connection:
            other = workers.register(connection, pid=2, at=server_time(connection), port=1, token="token").id
            leases.release(connection, former)
        wait_for(lambda: town.city.cameras == [], "the readers end")
        assert town.readers.ring(camera) is None
        wait_for(lambda: going.heart.worker > other, "it registers anew")
        with sqlite_database.write() as connection:
            workers.remove(connection, other)
        wait_for(lambda: town.city.cameras == [camera], "it watches again")
        assert going.held() == [camera]
    finally:
        going.end()


def test_a_renewed_lease_under_another_epoch_begins_a_new_watch_and_keeps_the_stream(town: Town) -> None:
    town.watch(a_camera(1))
    town.begin_event(1)
    ring = town.readers.ring(CameraId(1))
    town.city.apply([a_camera(1)], {CameraId(1): 3})
    assert town.ends(1) == ["stopped"]
    assert town.readers.ring(CameraId(1)) is ring
    town.begin_event(1)
    assert town.events[-1].origin.epoch == 3


def test_a_camera_that_another_worker_has_now_is_let_go(town: Town) -> None:
    town.watch(a_camera(1), a_camera(2))
    town.begin_event(1)
    town.city.apply([a_camera(1), a_camera(2)], {CameraId(2): 1})
    assert town.ends(1) == ["stopped"]
    assert town.city.cameras == [CameraId(2)]
