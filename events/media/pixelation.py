"""Making parts of a picture coarse, for good: of each block only the mean of its pixels is kept."""

import math
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from core.box import Box
from core.frame import Picture

MOST_BLOCKS: Final = 6
"""A head gets at most so many blocks from side to side."""
_FEWEST_PIXELS: Final = 8
"""A block is at least so many pixels wide, so that small heads get one or two blocks, not a readable few."""


def pixelate(picture: Picture, boxes: Iterable[Box]) -> Picture:
    """A copy of `picture` in which every box is coarse; `picture` itself stays as it is.

    A head is no wider than the shorter side of its box, so that side gets at most `MOST_BLOCKS` blocks. Where boxes
    overlap, the later one averages what the earlier one has left.
    """
    masked = np.array(picture, order="C")
    height, width = masked.shape[:2]
    for box in boxes:
        left, top, right, bottom = box.pixels(width, height)
        # Outwards to whole pixels: a pixel that belongs to the head in part belongs to it.
        columns = slice(math.floor(left), min(math.ceil(right), width))
        rows = slice(math.floor(top), min(math.ceil(bottom), height))
        if columns.start < columns.stop and rows.start < rows.stop:
            masked[rows, columns] = _coarse(masked[rows, columns])
    return masked


def _coarse(part: Picture) -> Picture:
    height, width = part.shape[:2]
    block = max(_FEWEST_PIXELS, min(height, width) / MOST_BLOCKS)
    few = cv2.resize(part, (_blocks(width, block), _blocks(height, block)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _blocks(length: int, block: float) -> int:
    return max(1, int(length / block + 1e-6))
