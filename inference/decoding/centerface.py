"""CenterFace: a face is a point of a heat map (Xu et al. 2019)."""

from collections.abc import Sequence

import numpy as np

from models.size import Size

from .candidates import Candidates, Output

STRIDE = 4
"""Pixels from cell to cell."""


class CenterFaceDecoder:
    """Outputs at a quarter of the size: `heatmap` (1, 1, h, w); `scale` (1, 2, h, w), the logs of height and width;
    `offset` (1, 2, h, w), down and right, in cells."""

    def shapes(self, size: Size) -> tuple[tuple[int, ...], ...]:
        high, wide = size.height // STRIDE, size.width // STRIDE
        return (1, 1, high, wide), (1, 2, high, wide), (1, 2, high, wide)

    def decode(self, outputs: Sequence[Output], size: Size, min_score: float) -> Candidates:
        heat, scale, offset = outputs[0][0, 0], outputs[1][0], outputs[2][0]
        row, column = np.nonzero(heat >= min_score)
        x = (column + offset[1, row, column] + 0.5) * STRIDE
        y = (row + offset[0, row, column] + 0.5) * STRIDE
        half_height, half_width = np.exp(scale[:, row, column]) * (STRIDE / 2)
        boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)
        labels = np.zeros(len(row), np.intp)
        return Candidates(boxes.astype(np.float32), heat[row, column], labels)
