"""A clip comes to its end whatever the time of day is set to, and shows its event or nothing."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import BinaryIO

import pytest

from core.errors import Unavailable
from ingest.clips import Clip, ClipEnd, ClipRecorder, ClipSettings
from tests.support.builders import START, after
from tests.support.filmed_camera import FilmedCamera as Camera
from tests.support.footage import make_clip

HOUR = timedelta(hours=1)


@pytest.fixture
def sink() -> BinaryIO:
    return BytesIO()


@pytest.fixture
def camera(tmp_path: Path) -> Camera:
    """It has shown two seconds, and will show eight more."""
    camera = Camera(make_clip(tmp_path / "clip.mp4", frames=250, gop=25))
    camera.ring.begin(camera.parameters)
    camera.play(0, 50)
    return camera


def test_a_clock_that_is_set_back_does_not_let_a_clip_go_on_for_an_hour(camera: Camera, sink: BinaryIO) -> None:
    ended: Queue[Clip] = Queue()
    recorder = ClipRecorder(camera.ring, START, camera.clock, ClipSettings(longest_s=5))
    recorder.stop_at(after(4))
    Thread(target=lambda: ended.put(recorder.record(sink)), daemon=True).start()
    camera.clock.set(after(2) - HOUR)
    for packet in camera.packets[50:]:
        camera.ring.put(replace(packet, at=packet.at - HOUR))
        camera.clock.advance(0.04)
    assert ended.get(timeout=10).end is ClipEnd.LONGEST


def test_a_clock_that_is_set_forward_ends_the_clip(camera: Camera, sink: BinaryIO) -> None:
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    recorder.stop_at(after(4))
    for packet in camera.packets[50:]:
        camera.ring.put(replace(packet, at=packet.at + HOUR))
    clip = recorder.record(sink)
    assert (clip.end, clip.packets) == (ClipEnd.WANTED, 50)


def test_a_silent_stream_after_the_clock_was_set_back_ends_the_clip(camera: Camera, sink: BinaryIO) -> None:
    ended: Queue[Clip] = Queue()
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    recorder.stop_at(after(4))
    camera.clock.set(START - HOUR)
    camera.clock.advance(61)
    Thread(target=lambda: ended.put(recorder.record(sink)), daemon=True).start()
    assert ended.get(timeout=10).packets >= 1


def test_pictures_of_another_time_are_no_clip(camera: Camera, sink: BinaryIO) -> None:
    recorder = ClipRecorder(camera.ring, after(-300), camera.clock)
    recorder.stop_at(after(-280))
    with pytest.raises(Unavailable, match="not kept"):
        recorder.record(sink)
