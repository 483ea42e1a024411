"""Clips on which something moves once a beat: a bright square runs through a scene that stands still."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tests.support.footage import make_clip

BEAT_S: Final = 8
MOVES_S: Final = 1.2
QUIET_S: Final = BEAT_S - MOVES_S
"""Between two movements: an event says that somebody watched while it lasted, and this long after it."""
_FPS: Final = 10


def make_beats(folder: Path, how_many: int) -> list[Path]:
    """`how_many` clips, each with its movement at another moment; all loop in `BEAT_S` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    return [make_beat(folder / f"beat-{number}.mp4", number / how_many) for number in range(how_many)]


def make_beat(
    path: Path,
    share: float,
    *,
    lines: int = 240,
    times: int = 1,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
) -> Path:
    """A clip of 320 pixels by `lines`, `times` as wide and as high, whose movement begins after that share of the time
    it may."""
    comes_s = (BEAT_S - MOVES_S) * share + 0.2
    scene = np.random.default_rng(1).integers(60, 130, (30, 40, 3), np.uint8).repeat(8 * times, 0).repeat(8 * times, 1)
    scene = scene[: lines * times]

    def draw(number: int) -> npt.NDArray[np.uint8]:
        picture = scene.copy()
        way = (number / _FPS - comes_s) / MOVES_S
        if 0 <= way < 1:
            left = int(way * 260) * times
            picture[90 * times : 150 * times, left : left + 60 * times] = 240
        return picture

    return make_clip(
        path,
        width=320 * times,
        height=lines * times,
        codec=codec,
        frames=BEAT_S * _FPS,
        fps=_FPS,
        gop=_FPS,
        options=options,
        draw=draw,
    )
