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
    return [
        _make(folder / f"beat-{number}.mp4", (BEAT_S - MOVES_S) * number / how_many + 0.2) for number in range(how_many)
    ]


def _make(path: Path, comes_s: float) -> Path:
    scene = np.random.default_rng(1).integers(60, 130, (30, 40, 3), np.uint8).repeat(8, 0).repeat(8, 1)

    def draw(number: int) -> npt.NDArray[np.uint8]:
        picture = scene.copy()
        share = (number / _FPS - comes_s) / MOVES_S
        if 0 <= share < 1:
            left = int(share * 260)
            picture[90:150, left : left + 60] = 240
        return picture

    return make_clip(path, frames=BEAT_S * _FPS, fps=_FPS, gop=_FPS, draw=draw)
