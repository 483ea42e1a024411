"""NanoDet: a side of a box is a distribution over bins (Li et al. 2020, Generalized Focal Loss)."""

from collections.abc import Sequence

import numpy as np

from models.size import Size

from .candidates import Candidates, Floats, Output, cells_of, count_cells

BINS = 11
"""Distances of 0 to 10 strides from a cell's centre to a side."""


class NanoDetDecoder:
    """Outputs: `scores` (1, cells, labels), after the sigmoid; `distances` (1, cells, 4 x 11), before the softmax."""

    def __init__(self, labels: int) -> None:
        self._labels = labels

    def shapes(self, size: Size) -> tuple[tuple[int, ...], ...]:
        cells = count_cells(size)
        return (1, cells, self._labels), (1, cells, 4 * BINS)

    def decode(self, outputs: Sequence[Output], size: Size, min_score: float) -> Candidates:
        scores, distances = outputs[0][0], outputs[1][0]
        # Which cells hold a score worth a look: a fifth of the time that each cell's best score takes.
        chosen = np.unique(np.flatnonzero(scores >= min_score) // self._labels)
        by_label = scores[chosen]
        cells = cells_of(size)
        stride = cells.stride[chosen]
        x, y = (cells.column[chosen] + 0.5) * stride, (cells.row[chosen] + 0.5) * stride
        left, top, right, bottom = (_expected(distances[chosen]) * stride[:, None]).T
        boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1)
        return Candidates(boxes, by_label.max(axis=1), by_label.argmax(axis=1))


def _expected(distances: Floats) -> Floats:
    """The four distances of each cell, in strides: (n, 44) becomes (n, 4)."""
    bins = distances.reshape(-1, 4, BINS)
    weights = np.exp(bins - bins.max(axis=2, keepdims=True))
    expected: Floats = weights @ np.arange(BINS, dtype=np.float32) / weights.sum(axis=2)
    return expected
