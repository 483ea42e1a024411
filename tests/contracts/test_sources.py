"""What a stream's readers promise, whatever the stream comes from: a file, or a camera over RTSP."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.stream_state import StreamState
from ingest.address import check_address
from ingest.clips import ClipRecorder
from ingest.settings import HardwareDecoding
from tests.support.footage import decoded, make_clip
from tests.support.reading import QUICK, Reading, reading
from tests.support.rtsp_server import RtspServer, start_rtsp_server

FPS = 25


@dataclass
class Origin:
    """Where streams come from: publishes a clip, and reads it."""

    publish: Callable[[Path], str]
    folder: Path

    def read(self, url: str, hardware: HardwareDecoding = HardwareDecoding.OFF) -> AbstractContextManager[Reading]:
        settings = QUICK.model_copy(update={"files": self.folder, "hardware_decoding": hardware})
        address, login = check_address(url, files=settings.files)
        return reading(address, login, settings)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspServer]:
    with start_rtsp_server(tmp_path_factory.mktemp("published")) as server:
        yield server


@pytest.fixture(params=["file", "rtsp"])
def origin(request: pytest.FixtureRequest, server: RtspServer, tmp_path: Path) -> Origin:
    if request.param == "file":
        return Origin(lambda clip: f"file://{clip}", tmp_path)
    return Origin(lambda clip: server.add(clip, f"{tmp_path.name}-{clip.name}"), tmp_path)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", frames=FPS * 6, gop=FPS, fps=FPS)


def test_pictures_come_in_the_time_they_were_taken_in(origin: Origin, clip: Path) -> None:
    with origin.read(origin.publish(clip)) as watched:
        watched.wait_for_frames(FPS * 5)
    # A server that is being waited for sends what is overdue at once: the first second says little.
    steps = [(b.at - a.at).total_seconds() for a, b in pairwise(watched.frames[FPS:])]
    assert all(step >= 0 for step in steps)
    assert sum(steps) / len(steps) == pytest.approx(1 / FPS, rel=0.2)


@pytest.mark.parametrize("hardware", [HardwareDecoding.AUTO, HardwareDecoding.VIDEOTOOLBOX])
def test_pictures_come_also_where_the_hardware_to_decode_them_is_missing(
    origin: Origin, clip: Path, hardware: HardwareDecoding
) -> None:
    with origin.read(origin.publish(clip), hardware) as watched:
        watched.wait_for_frames(FPS)
    assert {(frame.width, frame.height) for frame in watched.frames} == {(320, 240)}


def test_the_status_says_what_the_stream_is(origin: Origin, clip: Path) -> None:
    with origin.read(origin.publish(clip)) as watched:
        status = watched.wait_for_state(StreamState.LIVE)
    assert (status.codec, status.width, status.height) == ("h264", 320, 240)
    assert status.fps == pytest.approx(FPS, abs=1)
    assert watched.states[:2] == [StreamState.CONNECTING, StreamState.LIVE]


def test_packets_bytes_and_frames_are_counted(origin: Origin, clip: Path) -> None:
    with origin.read(origin.publish(clip)) as watched:
        watched.wait_for(lambda: watched.reader.status.counters.packets >= 20, "20 packets counted")
    counters = watched.reader.status.counters
    assert counters.connections == 1
    assert counters.frames == len(watched.frames)
    assert counters.packets >= counters.frames
    assert counters.bytes > counters.packets
    assert counters.broken == 0


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_clip_can_be_recorded_from_the_ring(origin: Origin, tmp_path: Path, codec: str) -> None:
    clock = SystemClock()
    sink = io.BytesIO()
    clip = make_clip(tmp_path / "other.mp4", codec=codec, frames=FPS * 6, gop=FPS, b_frames=2)
    with origin.read(origin.publish(clip)) as watched:
        watched.wait_for_frames(FPS)
        recorder = ClipRecorder(watched.ring, clock.now() - timedelta(seconds=10), clock)
        recorder.stop_at(clock.now() + timedelta(seconds=0.5))
        recorded = recorder.record(sink)
    pictures = decoded(sink.getvalue())
    assert len(pictures) == recorded.packets > FPS
    assert not any(picture.is_corrupt for picture in pictures)
    assert recorded.lost == 0


def test_a_16x16_stream_is_read(origin: Origin, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "tiny.mp4", width=16, height=16, frames=FPS * 2)
    with origin.read(origin.publish(clip)) as watched:
        watched.wait_for_frames(5)
    assert watched.frames[0].luma.shape == (16, 16)


def test_reading_stops_within_a_second_and_hands_out_nothing_more(origin: Origin, clip: Path) -> None:
    with origin.read(origin.publish(clip)) as watched:
        watched.wait_for_frames(5)
        started = time.monotonic()
        watched.reader.stop()
        assert time.monotonic() - started < 1.5
        count = len(watched.frames)
        watched.wait_for_state(StreamState.STOPPED)
    assert len(watched.frames) == count


def test_a_codec_that_is_not_read_is_named(tmp_path: Path) -> None:
    with reading(f"file://{make_clip(tmp_path / 'odd.avi', codec='mpeg2video', frames=10)}") as watched:
        status = watched.wait_for_state(StreamState.UNREADABLE)
    assert "the codec is mpeg2video; expected one of h264, hevc, mpeg4, mjpeg" in status.reason


def test_a_file_is_finished_at_its_end(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "short.mp4", frames=12, b_frames=2)
    with reading(f"file://{clip}") as watched:
        status = watched.wait_for_state(StreamState.FINISHED)
    assert len(watched.frames) == 12
    assert status.reason == "the file was read to its end"
    assert watched.statuses[-1].state is StreamState.FINISHED


def test_a_stream_that_ends_is_disconnected_and_read_again(server: RtspServer, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "short.mp4", frames=25)
    server.add(clip, "short.mp4")
    with reading(server.url("short.mp4", loop=False)) as watched:
        watched.wait_for_state(StreamState.DISCONNECTED)
        watched.wait_for(lambda: watched.reader.status.counters.connections >= 2, "a second connection")
        watched.wait_for_state(StreamState.LIVE)
