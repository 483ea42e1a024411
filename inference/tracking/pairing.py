"""Which detection shows which of the objects already known.

Likeness is the overlap of the two boxes after both were widened (C-BIoU; Yang et al. 2022), so that small fast objects,
which do not overlap from one picture to the next at five pictures a second, still meet. Pairs are taken greedily, the
most alike first: the gate leaves nearly every object a single candidate, and where two compete the better one is nearly
always right, while an exact assignment in Python would cost more than all the rest of the tracker.
"""

from collections.abc import Iterable, Sequence

from core.detection import Detection

from .followed import Followed
from .lookalikes import lookalike

_LEAST_LIKENESS = 0.15
_OTHER_LABEL = 0.8
"""What likeness is worth when the labels are lookalikes but not the same."""
_WIDENED = 0.15
"""Boxes are widened on each side by this share of their size,"""
_WIDENED_UNKNOWN = 0.35
"""more while the object's velocity is not known,"""
_WIDENED_A_SECOND = 0.2
"""and more for each second out of sight,"""
_WIDENED_AT_MOST = 0.7
"""up to here."""


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
    shapes = [(found.label, found.box.left, found.box.top, found.box.right, found.box.bottom) for found in detections]
    for i, known in enumerate(followed):
        motion = known.motion
        x, y = motion.ahead(known.unseen_s)
        half_width, half_height = motion.width / 2, motion.height / 2
        widened = _widened(known)
        grown = 1 + 2 * widened
        known_left, known_right = x - half_width * grown, x + half_width * grown
        known_top, known_bottom = y - half_height * grown, y + half_height * grown
        known_area = (known_right - known_left) * (known_bottom - known_top)
        for j, (label, left, top, right, bottom) in enumerate(shapes):
            more_width, more_height = (right - left) * widened, (bottom - top) * widened
            across = min(known_right, right + more_width) - max(known_left, left - more_width)
            if across <= 0:
                continue
            down = min(known_bottom, bottom + more_height) - max(known_top, top - more_height)
            if down <= 0 or not lookalike(known.label, label):
                continue
            shared = across * down
            area = (right - left) * (bottom - top) * grown * grown
            likeness = shared / (known_area + area - shared)
            if label != known.label:
                likeness *= _OTHER_LABEL
            if likeness >= _LEAST_LIKENESS:
                yield -likeness, i, j


def _widened(known: Followed) -> float:
    least = _WIDENED if known.motion.is_known else _WIDENED_UNKNOWN
    return min(least + _WIDENED_A_SECOND * known.unseen_s, _WIDENED_AT_MOST)
