"""Readers end together, however silent their cameras are, and nothing of one is given away before it has ended."""

import threading
import time
from pathlib import Path

from core.camera import StreamId
from core.errors import BadInput
from core.ids import CameraId
from registry.snapshot import WatchedCamera
from sharp_eyes.worker.decoding_marks import SLOTS
from tests.support.waiting import wait_for

from .town import OPENS_FOR_S, Town, a_camera, a_town, silent_camera


def test_many_silent_cameras_are_let_go_of_in_the_time_of_one(town: Town) -> None:
    with silent_camera() as url:
        cameras = [a_camera(number, url=url) for number in range(1, 9)]
        for camera in cameras:
            town.readers.begin(camera)
        began = time.monotonic()
        town.readers.end(cameras)
        assert time.monotonic() - began < 2


def test_the_mark_of_a_reader_that_was_left_behind_is_given_to_nobody(town: Town) -> None:
    with silent_camera() as url:
        camera = a_camera(1, url=url)
        town.readers.begin(camera)
        town.readers.end([camera])
        others = [town.marks.of(CameraId(2)) for _ in range(SLOTS - 1)]
        town.readers.begin(a_camera(3))
        assert town.state(3) == "refused"

        def free_again() -> bool:
            town.readers.tidy()
            if not town.readers.is_reading(CameraId(4)):
                town.readers.begin(a_camera(4))
            return town.readers.is_reading(CameraId(4))

        wait_for(free_again, "its slot to be free again", 4 * OPENS_FOR_S)
        assert len(others) == SLOTS - 1


def test_a_reader_that_was_left_behind_tells_nothing_any_more(town: Town) -> None:
    with silent_camera() as url:
        camera = a_camera(1, url=url)
        town.readers.begin(camera)
        wait_for(lambda: town.board.of(StreamId(1)), "its first word")
        town.readers.end([camera])
        assert town.board.of(StreamId(1)) is None
        wait_for(
            lambda: all(thread.name != "reader-1-1" for thread in threading.enumerate()),
            "its thread to come to its end",
            4 * OPENS_FOR_S,
        )
        assert town.board.of(StreamId(1)) is None


def test_a_login_that_cannot_be_opened_harms_its_camera_alone(tmp_path: Path) -> None:
    def open_login(camera: WatchedCamera) -> None:
        if camera.sealed_login is not None:
            raise BadInput("the key does not open it")

    with a_town(tmp_path, open_login) as town:
        town.watch(a_camera(1, sealed_login=b"?"), a_camera(2))
        assert town.state(1) == "refused"
        status = town.board.of(StreamId(1))
        assert status is not None
        assert "the key does not open it" in status.reason
        wait_for(lambda: town.state(2) == "not_found", "the other one is read")


def test_a_slot_that_was_not_used_is_free_for_others(tmp_path: Path) -> None:
    def refuse(camera: WatchedCamera) -> None:
        raise BadInput("no")

    with a_town(tmp_path, refuse) as town:
        for _ in range(SLOTS + 1):
            town.readers.begin(a_camera(1))
        town.marks.of(CameraId(1))


def test_a_state_that_stays_keeps_its_since(town: Town) -> None:
    camera = a_camera(1, quarantine="it crashed three times")
    town.readers.begin(camera)
    first = town.board.of(StreamId(1))
    town.readers.begin(camera)
    assert town.board.of(StreamId(1)) is first
    assert town.state(1) == "quarantined"
