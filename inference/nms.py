"""Of boxes that show the same object, the best one stays (greedy non-maximum suppression)."""

import numpy as np

from .decoding import Candidates
from .decoding.candidates import Floats, Numbers


def best_of(candidates: Candidates, max_overlap: float) -> Numbers:
    """Which candidates stay, best first: none overlaps a better one of its own label by more than `max_overlap`.

    Of equal scores the earlier candidate counts as the better one, so the same picture always gives the same boxes.
    """
    boxes, labels = candidates.boxes, candidates.labels
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    remaining = np.argsort(-candidates.scores, kind="stable")
    kept = []
    while remaining.size:
        best, rest = remaining[0], remaining[1:]
        kept.append(best)
        overlaps = _overlaps(boxes[best], areas[best], boxes[rest], areas[rest])
        remaining = rest[(overlaps <= max_overlap) | (labels[rest] != labels[best])]
    return np.array(kept, np.intp)


def _overlaps(box: Floats, area: np.float32, others: Floats, areas: Floats) -> Floats:
    """Intersection over union of `box` with each of `others`, shape (n)."""
    corner = np.maximum(box[:2], others[:, :2])
    sides = np.maximum(np.minimum(box[2:], others[:, 2:]) - corner, 0)
    shared = sides[:, 0] * sides[:, 1]
    overlaps: Floats = shared / np.maximum(area + areas - shared, np.finfo(np.float32).tiny)
    return overlaps
