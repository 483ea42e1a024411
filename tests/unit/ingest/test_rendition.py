import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core.errors import BadInput
from core.frame import Picture
from ingest.rendition import Mask, render
from tests.support.footage import bikes, decoded, make_clip, make_sound


def nothing(picture: Picture, seconds: float) -> Picture:
    return picture


def blackened(picture: Picture, seconds: float) -> Picture:
    return np.zeros_like(picture)


def pictures(data: bytes) -> list[Picture]:
    return [np.asarray(picture.to_ndarray(format="bgr24"), np.uint8) for picture in decoded(data)]


def rendered(clip: Path, mask: Mask = nothing, **how: Any) -> bytes:
    sink = io.BytesIO()
    with clip.open("rb") as source:
        render(source, sink, mask, **how)
    return sink.getvalue()


def test_every_picture_goes_through_the_mask() -> None:
    for picture in pictures(rendered(bikes(), blackened)):
        assert picture.max() <= 2


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
def test_a_rendition_is_h264_for_browsers_with_its_index_first(tmp_path: Path, codec: str) -> None:
    data = rendered(make_clip(tmp_path / "clip.mp4", codec=codec, b_frames=2 if codec != "mpeg4" else 0))
    assert data.find(b"moov") < data.find(b"mdat")
    with av.open(io.BytesIO(data)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert video.codec_context.profile in ("High", "Main", "Baseline", "Constrained Baseline")


def test_ten_pictures_a_second_are_kept_at_their_times() -> None:
    times: list[float] = []

    def note(picture: Picture, seconds: float) -> Picture:
        times.append(seconds)
        return picture

    shown = [picture.time for picture in decoded(rendered(bikes(), note))]
    assert len(shown) == 100
    assert shown == pytest.approx(times, abs=0.01)


def test_a_slow_clip_keeps_all_its_pictures(tmp_path: Path) -> None:
    assert len(pictures(rendered(make_clip(tmp_path / "clip.mp4", fps=5, frames=20)))) == 20


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1280, 720), (640, 360)), ((320, 240), (320, 240)), ((16, 16), (16, 16)), ((770, 434), (640, 360))],
)
def test_pictures_are_at_most_640_wide(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    data = rendered(make_clip(tmp_path / "clip.mp4", width=size[0], height=size[1], frames=5))
    assert {(picture.shape[1], picture.shape[0]) for picture in pictures(data)} == {expected}


def test_the_mask_sees_what_is_encoded(tmp_path: Path) -> None:
    seen: list[Picture] = []

    def note(picture: Picture, seconds: float) -> Picture:
        seen.append(picture)
        return picture

    data = rendered(make_clip(tmp_path / "clip.mp4", frames=10, fps=5), note)
    for before, after in zip(seen, pictures(data), strict=True):
        assert np.abs(before.astype(int) - after).mean() < 4


def test_a_mask_that_fails_leaves_nothing_behind() -> None:
    class Failed(Exception):
        pass

    def fails_late(picture: Picture, seconds: float) -> Picture:
        if seconds > 5:
            raise Failed
        return picture

    sink = io.BytesIO()
    with bikes().open("rb") as source, pytest.raises(Failed):
        render(source, sink, fails_late)
    assert sink.getvalue() == b""


def test_a_mask_that_changes_the_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the mask made"):
        rendered(make_clip(tmp_path / "clip.mp4", frames=5), lambda picture, seconds: picture[1:])


def test_progress_rises_to_the_end() -> None:
    told: list[float] = []
    rendered(bikes(), progress=told.append)
    assert told == sorted(told)
    assert told[0] < 0.7
    assert told[-1] == 1.0


@pytest.mark.parametrize("content", [b"", b"\x01\x02\x03" * 1000, b"#EXTM3U\nother.mp4\n"])
def test_what_is_no_clip_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="no MP4 that can be read"):
        render(io.BytesIO(content), io.BytesIO(), nothing)


def test_a_clip_of_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no video, only: audio"):
        rendered(make_sound(tmp_path / "x.m4a"))


def test_a_clip_that_is_stamped_in_decoding_order_is_rendered_in_order(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "clip.mp4", fps=5, b_frames=3)
    stamped = tmp_path / "stamped.mp4"
    with av.open(str(source)) as given, av.open(str(stamped), "w") as made:
        video = given.streams.video[0]
        copied = made.add_stream_from_template(video)
        assert video.time_base is not None
        step = int(1 / 5 / video.time_base)
        for number, packet in enumerate(packet for packet in given.demux(video) if packet.size):
            packet.pts = packet.dts = number * step
            packet.stream = copied
            made.mux(packet)
    times: list[float] = []

    def note(picture: Picture, seconds: float) -> Picture:
        times.append(seconds)
        return picture

    assert len(pictures(rendered(stamped, note))) == len(times) > 10
    assert all(later - earlier >= 0.001 for earlier, later in pairwise(times))
