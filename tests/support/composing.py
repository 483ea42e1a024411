"""Clips composed of real footage: a stretch of it, or backwards."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

FPS = 5
Planes = npt.NDArray[np.uint8]
"""Y, U and V one below the other, as PyAV gives them."""


def pictures_of(clip: Path, from_s: float = 0.0, until_s: float = float("inf")) -> Iterator[Planes]:
    """Five pictures a second of a stretch of `clip`."""
    with av.open(str(clip)) as container:
        first: float | None = None
        due = from_s
        for frame in container.decode(video=0):
            first = frame.time if first is None else first
            at = frame.time - first
            if at > until_s:
                return
            if at >= due - 1e-6:
                due += 1 / FPS
                yield np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)


def write_clip(path: Path, pictures: list[Planes]) -> Path:
    """A clip of `pictures`, five a second."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18"})
        assert isinstance(video, av.VideoStream)
        height, width = pictures[0].shape
        video.width, video.height, video.pix_fmt = width, height * 2 // 3, "yuv420p"
        for number, planes in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    return path


def backwards(clip: Path, path: Path) -> Path:
    """`clip` played backwards."""
    return write_clip(path, list(pictures_of(clip))[::-1])


def stretch(clip: Path, path: Path, from_s: float, until_s: float) -> Path:
    """A stretch of `clip`."""
    return write_clip(path, list(pictures_of(clip, from_s, until_s)))
