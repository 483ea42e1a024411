import io
import threading
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.errors import Unavailable
from core.packet import Packet
from ingest.clips import Clip, ClipEnd, ClipRecorder, ClipSettings
from ingest.parameters import StreamParameters
from ingest.ring import Ring
from tests.support.builders import CAMERA, START, FakeClock, after
from tests.support.filmed_camera import FilmedCamera as Camera
from tests.support.footage import bikes, decoded, make_clip

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Pipe(io.BytesIO):
    """A sink like a pipe: written to once, from the front to the end."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        raise io.UnsupportedOperation("a pipe cannot seek")


def record(camera: Camera, *, since: float = 0, until: float = 1000, **settings: float) -> tuple[Clip, bytes]:
    """Record what the camera's ring holds, from and to these seconds."""
    pipe = Pipe()
    recorder = ClipRecorder(camera.ring, after(since), camera.clock, ClipSettings.model_validate(settings))
    recorder.stop_at(after(until))
    camera.ring.end()
    return recorder.record(pipe), pipe.getvalue()


def shown(clip: bytes) -> list[float]:
    return [picture.time or 0.0 for picture in decoded(clip)]


def whole(tmp_path: Path, name: str = "clip.mp4", **how: Any) -> Camera:
    camera = Camera(make_clip(tmp_path / name, **how))
    camera.ring.begin(camera.parameters)
    camera.play()
    return camera


@pytest.mark.parametrize(("codec", "name"), [("libx264", "clip.mp4"), ("libx265", "clip.mp4"), ("mpeg4", "clip.avi")])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_every_picture_comes_out_of_the_clip_in_even_steps(
    tmp_path: Path, codec: str, name: str, b_frames: int
) -> None:
    camera = whole(tmp_path, name, codec=codec, b_frames=b_frames, frames=60)
    clip, data = record(camera)
    times = shown(data)
    assert len(times) == clip.packets == 60
    assert [round(b - a, 3) for a, b in pairwise(times)] == [0.04] * 59
    assert clip.seconds == pytest.approx(60 * 0.04, abs=0.1)
    assert (clip.width, clip.height, clip.lost) == (320, 240, 0)


def test_a_clip_is_a_fragmented_mp4_written_front_to_end(tmp_path: Path) -> None:
    _, data = record(whole(tmp_path, frames=100))
    assert data[4:8] == b"ftyp"
    assert data.find(b"moov") < data.find(b"moof") < data.find(b"mdat")
    assert data.count(b"moof") >= 2


def test_a_clip_begins_with_the_key_frame_before_the_time_wanted(tmp_path: Path) -> None:
    clip, _ = record(whole(tmp_path, frames=100, gop=25), since=2.5)
    assert clip.started_at == after(2)


def test_a_clip_ends_at_the_time_wanted(tmp_path: Path) -> None:
    clip, data = record(whole(tmp_path, frames=100), until=2)
    assert clip.end is ClipEnd.WANTED
    assert len(shown(data)) == 50


def test_a_clip_ends_at_its_longest(tmp_path: Path) -> None:
    clip, data = record(whole(tmp_path, frames=100), longest_s=1)
    assert clip.end is ClipEnd.LONGEST
    assert len(shown(data)) == 25


def test_a_clip_ends_before_it_grows_too_large() -> None:
    camera = Camera(bikes())
    camera.ring.begin(camera.parameters)
    camera.play()
    clip, data = record(camera, limit_bytes=100_000)
    assert clip.end is ClipEnd.LARGEST
    assert clip.bytes <= 100_000
    assert len(shown(data)) == clip.packets


def test_a_reconnect_ends_the_clip(tmp_path: Path) -> None:
    camera = whole(tmp_path, frames=50)
    pipe = Pipe()
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    second = StreamParameters(2, "h264", 320, 240, Fraction(1, 90_000), b"")
    camera.ring.begin(second)
    camera.ring.put(Packet(CAMERA, 2, after(9), 0, None, Fraction(1, 90_000), True, b"x"))
    clip = recorder.record(pipe)
    assert clip.end is ClipEnd.CONNECTION_ENDED
    assert len(shown(pipe.getvalue())) == 50


def test_a_silent_stream_ends_the_clip_by_the_clock(tmp_path: Path) -> None:
    camera = whole(tmp_path, frames=50)
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    recorder.stop_at(after(5))
    timer = threading.Timer(0.1, camera.clock.advance, [10])
    timer.start()
    assert recorder.record(Pipe()).end is ClipEnd.WANTED
    timer.join()


def test_parameter_sets_that_were_said_once_are_put_in_front(tmp_path: Path) -> None:
    camera = Camera(make_clip(tmp_path / "clip.ts", frames=50, gop=25))
    headers = camera.parameters.headers
    assert headers
    parts = [
        Packet(p.camera, 1, p.at, p.pts, None, p.time_base, p.is_key, p.data.replace(headers, b""))
        for p in camera.packets
    ]
    assert all(headers not in part.data for part in parts)
    camera.packets = parts
    camera.ring.begin(camera.parameters)
    camera.play()
    _, data = record(camera)
    assert len(shown(data)) == 50


def test_a_sink_that_fails_ends_the_recording_with_its_own_error(tmp_path: Path) -> None:
    class Full(Pipe):
        def write(self, data: "ReadableBuffer") -> int:
            raise Unavailable("the disk is full")

    camera = whole(tmp_path, frames=50)
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    camera.ring.end()
    with pytest.raises(Unavailable, match="the disk is full"):
        recorder.record(Full())


def test_a_codec_that_no_mp4_holds_gives_no_clip(tmp_path: Path) -> None:
    camera = whole(tmp_path, "clip.avi", codec="mjpeg", pixel_format="yuvj420p", frames=10)
    with pytest.raises(Unavailable, match="mjpeg cannot be put into an MP4"):
        record(camera)


def test_a_stream_without_packets_gives_no_clip() -> None:
    clock = FakeClock()
    ring = Ring()
    recorder = ClipRecorder(ring, START, clock)
    recorder.stop_at(START - timedelta(seconds=1))
    with pytest.raises(Unavailable, match="brought no packets"):
        recorder.record(Pipe())


def test_memory_stays_flat_however_long_the_clip_is(tmp_path: Path) -> None:
    camera = whole(tmp_path, frames=500, gop=500, options={"crf": "10"}, width=640, height=480)
    pipe = Pipe()
    recorder = ClipRecorder(camera.ring, START, camera.clock)
    camera.ring.end()
    recorder.record(pipe)
    # The muxer writes each fragment when two seconds are full, not when its group of pictures ends.
    assert pipe.getvalue().count(b"moof") >= 9
