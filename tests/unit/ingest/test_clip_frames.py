import os
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from core.ids import EVENT_EPOCH
from ingest.clip_frames import clip_frames
from tests.support.builders import CAMERA
from tests.support.footage import bikes, make_clip, make_sound, shared


def count(path: Path) -> int:
    return sum(1 for _ in clip_frames(path, CAMERA))


def test_no_picture_of_a_clip_is_lost() -> None:
    assert count(bikes()) == 250


def test_times_are_those_of_the_clip_from_the_event_epoch_on() -> None:
    ats = [frame.at for frame in clip_frames(bikes(), CAMERA)]
    assert ats[0] == EVENT_EPOCH
    assert all(b - a == timedelta(milliseconds=40) for a, b in pairwise(ats))


def test_two_runs_give_equal_frames(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", b_frames=2)
    for a, b in zip(clip_frames(path, CAMERA), clip_frames(path, CAMERA), strict=True):
        assert (a.at, a.arrived, a.pts, a.time_base, a.is_key) == (b.at, b.arrived, b.pts, b.time_base, b.is_key)
        assert np.array_equal(a.luma, b.luma)


@pytest.mark.parametrize(
    ("codec", "suffix"), [("libx264", "mkv"), ("libx265", "mp4"), ("mpeg4", "avi"), ("mjpeg", "avi"), ("libx264", "ts")]
)
def test_clips_of_these_kinds_are_read(tmp_path: Path, codec: str, suffix: str) -> None:
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    assert count(make_clip(tmp_path / f"clip.{suffix}", codec=codec, frames=30, pixel_format=pixel_format)) == 30


@pytest.mark.parametrize(("width", "height"), [(16, 16), (7680, 4320)])
def test_tiny_and_huge_pictures_are_read(tmp_path: Path, width: int, height: int) -> None:
    path = make_clip(tmp_path / "clip.mp4", width=width, height=height, frames=1)
    assert {(frame.width, frame.height) for frame in clip_frames(path, CAMERA)} == {(width, height)}


def test_pictures_larger_than_allowed_are_refused(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mkv", codec="mjpeg", width=16_000, height=32, frames=1, pixel_format="yuvj420p")
    with pytest.raises(BadInput, match="its pictures are 16000x32; at most 8192 a side"):
        count(path)


def test_times_of_packed_b_frames_do_not_run_backwards() -> None:
    ats = [frame.at for frame in clip_frames(shared("highway-east.avi"), CAMERA)]
    assert all(a <= b for a, b in pairwise(ats))
    assert sum(a == b for a, b in pairwise(ats)) < 5
    assert 29 < (ats[-1] - ats[0]).total_seconds() < 31


def test_a_clip_with_sound_is_read_for_its_pictures(tmp_path: Path) -> None:
    assert count(make_clip(tmp_path / "clip.mp4", frames=10, sound=True)) == 10


def test_the_end_of_a_clip_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "whole.mkv", frames=100).read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[: len(whole) // 2])
    assert 30 < count(cut) < 70


def says(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        count(path)
    assert str(path) in caught.value.message
    return caught.value.message


def test_a_missing_clip_is_named(tmp_path: Path) -> None:
    assert "there is no file" in says(tmp_path / "missing.mp4")


def test_a_folder_is_no_clip(tmp_path: Path) -> None:
    assert "is a folder" in says(tmp_path)


def test_an_empty_clip_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").touch()
    assert "is empty" in says(tmp_path / "x.mp4")


def test_random_bytes_are_no_clip(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(os.urandom(50_000))
    assert "no video that can be read" in says(tmp_path / "x.mp4")


def test_an_mp4_without_its_index_is_called_cut_off(tmp_path: Path) -> None:
    whole = make_clip(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: whole.rfind(b"moov") - 100])
    assert "cut off: the index of its pictures is missing" in says(tmp_path / "cut.mp4")


@pytest.mark.parametrize("name", ["x.m4a", "x.mkv"])
def test_a_file_with_sound_alone_has_no_video(tmp_path: Path, name: str) -> None:
    assert "there is no video, only: audio" in says(make_sound(tmp_path / name))


@pytest.mark.parametrize(
    "content",
    [
        "ffconcat version 1.0\nfile 'secret.mp4'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsecret.mp4\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    ],
)
def test_a_file_that_names_other_sources_is_no_clip(tmp_path: Path, content: str) -> None:
    make_clip(tmp_path / "secret.mp4", frames=5)
    (tmp_path / "list.mp4").write_text(content)
    assert "no video that can be read" in says(tmp_path / "list.mp4")


def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_clip(tmp_path / "clip.mp4", frames=5).rename(tmp_path / "concat:a|b.mp4")
    monkeypatch.chdir(tmp_path)
    assert count(Path("concat:a|b.mp4")) == 5


def test_a_pipe_is_no_clip_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.mp4")
    assert "is no file of a disk" in says(tmp_path / "x.mp4")


def test_a_name_that_no_disk_takes_is_told() -> None:
    assert "File name too long" in says(Path("x" * 5000))
