"""Which detection shows which of the objects already known.

Likeness is the overlap of the two boxes after both were widened (C-BIoU; Yang et al. 2022), so that small fast objects,
which do not overlap from one picture to the next at five pictures a second, still meet. Pairs are taken greedily, the
most alike first: the gate leaves nearly every object a single candidate, and where two compete the better one is nearly
always right, while an exact assignment in Python would cost more than all the rest of the tracker.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from core.box import Box
from core.detection import Detection

from .followed import Followed
from .lookalikes import lookalike

_TINY = 1e-12
_LEAST_LIKENESS = 0.25
_OTHER_LABEL = 0.8
"""What likeness is worth when the labels are lookalikes but not the same."""
_WIDENED = 0.15
"""Boxes are widened on each side by this share of their size,"""
_WIDENED_UNKNOWN = 0.6
"""more while the object's velocity is not known,"""
_WIDENED_A_SECOND = 0.1
"""and more for each second out of sight. (Much more, and whatever comes next to the same place takes its number.)"""


def pair(
    followed: Sequence[Followed], detections: Sequence[Detection]
) -> tuple[list[tuple[Followed, Detection]], list[Followed], list[Detection]]:
    """Pairs, then the objects and the detections that are left over, in the order they came in."""
    candidates = sorted(_candidates(followed, detections))
    pairs: list[tuple[Followed, Detection]] = []
    taken_objects: set[int] = set()
    taken_detections: set[int] = set()
    for _, i, j in candidates:
        if i not in taken_objects and j not in taken_detections:
            taken_objects.add(i)
            taken_detections.add(j)
            pairs.append((followed[i], detections[j]))
    return (
        pairs,
        [known for i, known in enumerate(followed) if i not in taken_objects],
        [found for j, found in enumerate(detections) if j not in taken_detections],
    )


def _candidates(followed: Sequence[Followed], detections: Sequence[Detection]) -> Iterable[tuple[float, int, int]]:
    """(minus the likeness, object, detection) of each pair that is alike enough."""
    if not followed or not detections:
        return
    likeness = _likeness(followed, detections)
    for i, j in np.argwhere(likeness >= _LEAST_LIKENESS).tolist():
        mine, its = followed[i].label, detections[j].label
        if mine == its:
            yield -float(likeness[i, j]), i, j
        elif lookalike(mine, its) and likeness[i, j] * _OTHER_LABEL >= _LEAST_LIKENESS:
            yield -float(likeness[i, j]) * _OTHER_LABEL, i, j


def _likeness(followed: Sequence[Followed], detections: Sequence[Detection]) -> npt.NDArray[np.float64]:
    """Overlap of each object's widened box with each detection's, shape (objects, detections)."""
    x, y, half_width, half_height, widened = np.array([_expected(known) for known in followed]).T[:, :, None]
    left, top, right, bottom = np.array([_sides(found.box) for found in detections]).T
    margin_x, margin_y = widened * (right - left), widened * (bottom - top)
    across = np.minimum(x + half_width, right + margin_x) - np.maximum(x - half_width, left - margin_x)
    down = np.minimum(y + half_height, bottom + margin_y) - np.maximum(y - half_height, top - margin_y)
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    area = (right - left + 2 * margin_x) * (bottom - top + 2 * margin_y)
    likeness: npt.NDArray[np.float64] = shared / np.maximum(4 * half_width * half_height + area - shared, _TINY)
    return likeness


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def _expected(known: Followed) -> tuple[float, float, float, float, float]:
    """Where the object should be now: centre and half the size of its widened box, and by how much it was widened."""
    x, y = known.motion.ahead(known.unseen_s)
    widened = _widened(known)
    grown = 0.5 + widened
    return x, y, known.motion.width * grown, known.motion.height * grown, widened


def _widened(known: Followed) -> float:
    least = _WIDENED if known.motion.is_known else _WIDENED_UNKNOWN
    return least + _WIDENED_A_SECOND * known.unseen_s
