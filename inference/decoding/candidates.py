"""What all decoders share: their port, what they give, and the cells that they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.size import Size

Output = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

STRIDES = (8, 16, 32)
"""Pixels from cell to cell, on each of the three levels of NanoDet and YOLOX."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Boxes that reached the score, before overlapping ones are dropped."""

    boxes: Floats
    """Shape (n, 4): left, top, right, bottom in pixels of the network's input; they may reach out of it."""
    scores: Floats
    """Shape (n), 0 to 1."""
    labels: Numbers
    """Shape (n): places in the card's list of labels."""


class Decoder(Protocol):
    """Reads the outputs of one kind of network. Any thread may call it."""

    def shapes(self, size: Size) -> tuple[tuple[int, ...], ...]:
        """The shapes that the outputs must have for one picture of `size`."""

    def decode(self, outputs: Sequence[Output], size: Size, min_score: float) -> Candidates:
        """What one picture's outputs say, from `min_score` up. Every cell tells its best label alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of all levels, level by level, row by row: arrays of shape (cells)."""

    column: Floats
    row: Floats
    stride: Floats


@lru_cache(maxsize=64)
def cells_of(size: Size) -> Cells:
    """The cells of a network that looks at pictures of `size`."""
    columns, rows, strides = [], [], []
    for stride in STRIDES:
        wide, high = size.width // stride, size.height // stride
        columns.append(np.tile(np.arange(wide), high))
        rows.append(np.repeat(np.arange(high), wide))
        strides.append(np.full(wide * high, stride))
    return Cells(*(np.concatenate(levels).astype(np.float32) for levels in (columns, rows, strides)))


def count_cells(size: Size) -> int:
    return sum((size.width // stride) * (size.height // stride) for stride in STRIDES)
