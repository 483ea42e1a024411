"""What a look at a stream finds, on clips made for it."""

from pathlib import Path

import pytest

from core.attention import Attention, IdleDecoding, Sensitivity
from core.camera import Stream, StreamId, StreamRole
from core.ids import CameraId
from core.stream_state import StreamState
from ingest.faults import StreamFault
from ingest.probe import HINTS, DecodePolicy, Hint, Probe, StreamClock, _clock, _Watched, probe
from ingest.settings import ReaderSettings
from tests.support.footage import bikes, make_clip


def looked_at(path: Path, attention: Attention | None = None) -> Probe:
    stream = Stream(StreamId(1), CameraId(1), StreamRole.DETECT, f"file://{path}")
    return probe(stream, None, ReaderSettings(files=path.parent), attention or Attention())


def test_a_street_is_described() -> None:
    found = looked_at(bikes())
    assert (found.codec, found.profile, found.width, found.height) == ("h264", "High", 640, 272)
    assert (found.fps, found.group_s, found.has_b_frames, found.sound) == (25.0, 2.44, True, None)
    assert found.bits_per_second is not None
    assert 300_000 < found.bits_per_second < 600_000
    assert found.playing.plays
    assert found.policy is DecodePolicy.ALL
    assert found.picture is not None
    assert found.picture.shape == (272, 640, 3)
    assert set(found.hints) == {Hint.FEWER_PICTURES, Hint.KEY_FRAMES_MORE_OFTEN, Hint.NO_B_FRAMES}


def test_key_frames_each_second_let_key_frames_alone_be_decoded(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "a.mp4", frames=80, gop=10, fps=10, sound=True)
    found = looked_at(clip)
    assert (found.policy, found.group_s, found.sound) == (DecodePolicy.KEY_FRAMES, 1.0, "aac")
    assert found.hints == (Hint.SOUND_IS_NOT_KEPT,)
    assert looked_at(clip, Attention(idle=IdleDecoding.ALL)).policy is DecodePolicy.ALL
    assert looked_at(clip, Attention(sensitivity=Sensitivity.OFF)).policy is DecodePolicy.ALL


def test_a_longer_wait_of_the_camera_lets_longer_groups_suffice() -> None:
    assert looked_at(bikes(), Attention(idle_look_s=3)).policy is DecodePolicy.KEY_FRAMES


@pytest.mark.parametrize(
    ("codec", "pixels"),
    [("libx265", "yuv420p"), ("mpeg4", "yuv420p"), ("libx264", "yuv422p")],
    ids=["H.265", "MPEG-4", "4:2:2"],
)
def test_what_browsers_do_not_play_is_told(tmp_path: Path, codec: str, pixels: str) -> None:
    found = looked_at(make_clip(tmp_path / "a.mp4", codec=codec, frames=30, pixel_format=pixels))
    assert not found.playing.plays
    assert Hint.H264_FOR_BROWSERS in found.hints


def test_a_large_picture_is_shrunk_and_a_substream_advised(tmp_path: Path) -> None:
    found = looked_at(make_clip(tmp_path / "a.mp4", width=1920, height=1080, frames=4))
    assert found.picture is not None
    assert found.picture.shape == (720, 1280, 3)
    assert Hint.USE_SUBSTREAM in found.hints
    assert found.group_s is None


def test_every_hint_has_its_words() -> None:
    assert set(HINTS) == set(Hint)


def test_a_missing_file_is_told_as_the_reader_tells_it(tmp_path: Path) -> None:
    with pytest.raises(StreamFault, match="there is no file") as fault:
        looked_at(tmp_path / "none.mp4")
    assert fault.value.state is StreamState.NOT_FOUND


@pytest.fixture
def watched() -> _Watched:
    one = object.__new__(_Watched)
    one.elapsed_s = 10.0
    return one


@pytest.mark.parametrize(
    ("times", "clock"),
    [
        ([0, 0.08, 0.04, 5, 10], StreamClock.STEADY),
        ([0, 1, 2, 1000, 1001], StreamClock.JUMPS),
        ([10, 11, 2, 3], StreamClock.JUMPS),
        ([0, 4, 8, 12, 16], StreamClock.OFF_PACE),
        ([0], StreamClock.UNKNOWN),
    ],
)
def test_the_cameras_times_are_held_beside_ours(watched: _Watched, times: list[float], clock: StreamClock) -> None:
    watched.times = times
    assert _clock(watched, is_file=False) is clock
