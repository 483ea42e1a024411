"""The worker's round: the registry is followed, and what goes wrong in that does not make the worker seem dead."""

from threading import Event as Flag
from threading import Thread

import pytest

from core.ids import CameraId
from registry import cameras, epochs, stream_states, streams, workers
from registry.db import Database
from sharp_eyes.worker.rounds import Rounds
from tests.support.builders import START, FakeClock
from tests.support.waiting import wait_for

from .town import NOWHERE, Town


class Going:
    """Rounds that go on in a thread, each right after the other."""

    def __init__(self, database: Database, town: Town) -> None:
        with database.write() as connection:
            self.worker = workers.register(connection, pid=1, at=START, port=1, token="token").id
        self.stop = Flag()
        self.thread = Thread(
            target=Rounds(database, self.worker, town.city, town.board, town.clock).run, args=(self.stop,)
        )
        self.thread.start()

    def end(self) -> None:
        self.stop.set()
        self.thread.join()


@pytest.fixture
def camera(sqlite_database: Database) -> CameraId:
    with sqlite_database.write() as connection:
        camera = cameras.add(connection, name="gate").id
        streams.add(connection, camera, url=NOWHERE)
    return camera


def test_a_camera_that_is_not_watched_any_more_has_no_state_and_no_open_epoch(
    sqlite_database: Database, town: Town, camera: CameraId
) -> None:
    def states() -> dict[CameraId, object]:
        with sqlite_database.read() as connection:
            return dict(stream_states.of_cameras(connection, [camera]))

    going = Going(sqlite_database, town)
    try:
        wait_for(states, "its state is on record")
        with sqlite_database.read() as connection:
            assert epochs.unended(connection) == [camera]
        with sqlite_database.write() as connection:
            found = cameras.get(connection, camera)
            cameras.change(connection, type(found)(camera, found.name, found.department, enabled=False), START)
        wait_for(lambda: not states(), "its state is forgotten")
        with sqlite_database.read() as connection:
            assert epochs.unended(connection) == []
    finally:
        going.end()


def test_a_fault_in_following_the_registry_does_not_stop_the_heartbeat(
    sqlite_database: Database, town: Town, camera: CameraId, caplog: pytest.LogCaptureFixture
) -> None:
    # A watch that somebody else put there: adding the camera fails in every round.
    town.scheduler.add(camera, town.make_watch(camera, (), 1))
    going = Going(sqlite_database, town)

    def beats() -> bool:
        with sqlite_database.read() as connection:
            newest = workers.newest(connection)
        return newest is not None and (newest.heartbeat_at - START).total_seconds() > 5

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
        with sqlite_database.write() as connection:
            other = cameras.add(connection, name="yard").id
            streams.add(connection, other, url=NOWHERE)
        wait_for(lambda: other in town.city.cameras, "the other one is watched, too")
    finally:
        going.end()
