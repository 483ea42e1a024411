"""What is measured: a clip a cell, made of the footage at hand, which cameras of a file then show in real time."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from core.frame import Picture

_BUSY_S: Final = 7
"""Warming up, and five seconds to be measured."""
_IDLE_S: Final = 14
"""Likewise; a loop needs some seconds to find out that nothing happens."""
_SOURCE_FPS: Final = 25
_NOISE: Final = 3
"""Levels of brightness by which a sensor's pixels tremble."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of stream."""

    name: str
    width: int
    height: int
    fps: int
    codec: str
    is_busy: bool
    cameras: int
    """How many cameras show it at once."""
    options: tuple[tuple[str, str], ...] = (("preset", "veryfast"), ("crf", "26"))

    @property
    def has_policy(self) -> bool:
        """Whether gate and saving decode have a row of their own: at one busy street, and at idle ones."""
        return self.name == "busy" or not self.is_busy

    @property
    def clip(self) -> str:
        """The file's name."""
        return f"{self.name}.ts"


_HEVC: Final = (("preset", "veryfast"), ("crf", "28"), ("x265-params", "log-level=none"))
CELLS: Final = (
    Cell("busy", 640, 360, 25, "libx264", True, 4),
    Cell("idle25", 640, 360, 25, "libx264", False, 4),
    Cell("idle5", 640, 360, 5, "libx264", False, 4),
    Cell("busy1080", 1920, 1080, 25, "libx264", True, 2),
    Cell("busy_h265", 640, 360, 25, "libx265", True, 4, _HEVC),
)
MORE_CELLS: Final = (
    Cell("busy15", 640, 360, 15, "libx264", True, 4),
    Cell("idle1080", 1920, 1080, 25, "libx264", False, 2),
    Cell("idle_h265", 640, 360, 25, "libx265", False, 4, _HEVC),
)
"""What `--full` adds."""


def make_clip(cell: Cell, street: Path, folder: Path) -> Path:
    """Encode the cell's clip from `street`, as an IP camera does: a key frame a second, no B-frames.

    A busy cell shows the street as it is, an idle one its first picture with a sensor's noise.
    """
    path = folder / cell.clip
    with av.open(str(path), "w", format="mpegts") as container:
        video = container.add_stream(cell.codec, rate=cell.fps, options=dict(cell.options))
        assert isinstance(video, VideoStream)  # noqa: S101 - a video codec's
        video.width, video.height, video.pix_fmt = cell.width, cell.height, "yuv420p"
        video.codec_context.gop_size, video.codec_context.max_b_frames = cell.fps, 0
        for number, picture in enumerate(_street(cell, street) if cell.is_busy else _standing(cell, street)):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, cell.fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def as_mp4(clip: Path, path: Path) -> None:
    """The same packets in an MP4 file, as the RTSP server wants them."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as sink:
        video = source.streams.video[0]
        copy = sink.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.size:
                packet.stream = copy
                sink.mux(packet)


def _street(cell: Cell, street: Path) -> Iterator[Picture]:
    step = _SOURCE_FPS / cell.fps
    pictures = list(islice(_pictures(street), _BUSY_S * _SOURCE_FPS))
    for number in range(_BUSY_S * cell.fps):
        yield _fitted(pictures[int(number * step) % len(pictures)], cell)


def _standing(cell: Cell, street: Path) -> Iterator[Picture]:
    chance = np.random.default_rng(1)
    first = _fitted(next(_pictures(street)), cell).astype(np.int16)
    # Far from people and cars, so that nothing is known to be there: the first picture blurred to shapes of light.
    empty = np.asarray(cv2.GaussianBlur(first, (0, 0), cell.width / 24), np.int16)
    for _ in range(_IDLE_S * cell.fps):
        noise = chance.integers(-_NOISE, _NOISE + 1, empty.shape, dtype=np.int16)
        picture: Picture = np.clip(empty + noise, 0, 255).astype(np.uint8)
        yield picture


def _pictures(clip: Path) -> Iterator[Picture]:
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            picture: Picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
            yield picture


def _fitted(picture: Picture, cell: Cell) -> Picture:
    """The middle of `picture`, in the cell's size."""
    height, width = picture.shape[:2]
    scale = max(cell.width / width, cell.height / height)
    size = round(width * scale), round(height * scale)
    enlarged = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    left, top = (size[0] - cell.width) // 2, (size[1] - cell.height) // 2
    return np.asarray(enlarged[top : top + cell.height, left : left + cell.width], np.uint8)
