"""YOLOX: one box a cell, its centre beside the cell's corner (Ge et al. 2021)."""

from collections.abc import Sequence

import numpy as np

from models.size import Size

from .candidates import Candidates, Output, cells_of, count_cells


class YoloxDecoder:
    """Output (1, cells, 5 + labels): centre, log of width and height, all in strides; objectness; scores."""

    def __init__(self, labels: int) -> None:
        self._labels = labels

    def shapes(self, size: Size) -> tuple[tuple[int, ...], ...]:
        return ((1, count_cells(size), 5 + self._labels),)

    def decode(self, outputs: Sequence[Output], size: Size, min_score: float) -> Candidates:
        rows = outputs[0][0]
        # A score is objectness times the label's own, and that is at most 1: few cells need a closer look.
        likely = np.flatnonzero(rows[:, 4] >= min_score)
        by_label = rows[likely, 5:]
        scores = by_label.max(axis=1) * rows[likely, 4]
        sure = scores >= min_score
        chosen = likely[sure]
        cells = cells_of(size)
        stride = cells.stride[chosen]
        x, y = (rows[chosen, 0] + cells.column[chosen]) * stride, (rows[chosen, 1] + cells.row[chosen]) * stride
        half_width, half_height = np.exp(rows[chosen, 2]) * stride / 2, np.exp(rows[chosen, 3]) * stride / 2
        boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1)
        return Candidates(boxes, scores[sure], by_label[sure].argmax(axis=1))
