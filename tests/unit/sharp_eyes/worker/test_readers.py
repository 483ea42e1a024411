"""Readers end together, however silent their cameras are, and nothing of one is given away before it has ended."""

import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core.camera import StreamId
from core.drop_reason import DropReason
from core.errors import BadInput
from core.ids import CameraId
from core.stream_state import StreamCounters, StreamStatus
from core.track import Track
from inference.watch import Look
from ingest.reader import Reader
from ingest.ring import Ring
from ingest.settings import ReaderSettings
from registry.snapshot import WatchedCamera
from sharp_eyes.worker.decoding_marks import SLOTS, DecodingMark
from sharp_eyes.worker.readers import Readers
from tests.support.builders import FakeClock, a_frame, a_track, after
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


class StandingReader(Reader):
    """Reads nothing: a test says how many pictures it has passed over, and sees what it was asked for."""

    not_due = 0

    def __init__(self, camera: WatchedCamera, ring: Ring, mark: DecodingMark) -> None:
        super().__init__(
            camera.stream,
            None,
            ReaderSettings(),
            FakeClock(),
            ring=ring,
            on_frame=lambda frame, waits: None,
            on_status=lambda status: None,
            mark=mark,
        )
        self.attends_until: list[datetime] = []

    @property
    def status(self) -> StreamStatus:
        return replace(super().status, counters=StreamCounters(dropped={"not_due": self.not_due}))

    def start(self) -> None: ...

    def attend(self, until: datetime) -> None:
        self.attends_until.append(until)


class Standing:
    """Readers of cameras 1 and 2 that read nothing."""

    def __init__(self, town: Town) -> None:
        self.made: list[StandingReader] = []
        self.readers = Readers(town.board, town.marks, town.clock, self._make)
        self.cameras = [a_camera(1), a_camera(2)]
        for camera in self.cameras:
            self.readers.begin(camera)

    def _make(self, camera: WatchedCamera, ring: Ring, mark: DecodingMark) -> Reader:
        self.made.append(StandingReader(camera, ring, mark))
        return self.made[-1]


def a_look(camera: int, *tracks: Track) -> Look:
    return Look(a_frame(after(5), camera=CameraId(camera)), (), tracks, ())


def test_a_camera_with_a_moving_object_is_decoded_in_full_for_a_while(town: Town) -> None:
    standing = Standing(town)
    standing.readers.attend(a_look(2, a_track(is_stationary=True), a_track(2)))
    assert [reader.attends_until for reader in standing.made] == [[], [after(8)]]


def test_what_stands_still_needs_no_full_decoding(town: Town) -> None:
    standing = Standing(town)
    for look in (a_look(1), a_look(1, a_track(is_stationary=True)), a_look(3, a_track())):
        standing.readers.attend(look)
    assert [reader.attends_until for reader in standing.made] == [[], []]


def test_pictures_that_were_not_due_stay_counted_after_their_reader_has_ended(town: Town) -> None:
    standing = Standing(town)
    standing.made[0].not_due, standing.made[1].not_due = 3, 4
    assert standing.readers.dropped() == {DropReason.NOT_DUE: 7}
    standing.readers.end(standing.cameras[:1])
    assert standing.readers.dropped() == {DropReason.NOT_DUE: 7}
    standing.made[1].not_due = 5
    assert standing.readers.dropped() == {DropReason.NOT_DUE: 8}
