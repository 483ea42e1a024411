"""Which detection shows which of the objects already known.

Likeness is the overlap of the two boxes after both were widened (C-BIoU; Yang et al. 2022), so that small fast objects,
which do not overlap from one picture to the next at five pictures a second, still meet. Pairs are taken greedily, the
most alike first: the gate leaves nearly every object a single candidate, and where two compete the better one is nearly
always right, while an exact assignment in Python would cost more than all the rest of the tracker.

All in plain floats: numpy's arrays cost more than they save, since of many objects each is near few detections only.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from core.detection import Detection

from .followed import Followed
from .lookalikes import lookalike

_TINY = 1e-12
_LEAST_LIKENESS = 0.2
_OTHER_LABEL = 0.8
"""What likeness is worth when the labels are lookalikes but not the same."""
_SIZE_MATTERS = 0.3
"""To which power the ratio of the areas counts: a much larger box may hold several objects, and is none of them."""
_WIDENED = 0.15
"""Boxes are widened on each side by this share of their size,"""
_WIDENED_UNKNOWN = 0.5
"""more while the object's velocity is not known,"""
_WIDENED_A_SECOND = 0.05
"""and more for each second out of sight. (Much more, and whatever comes next to the same place takes its number.)"""
_MOST_WIDENED = 0.6


def pair(
    followed: Sequence[Followed],
    detections: Sequence[Detection],
    *,
    least: float = _LEAST_LIKENESS,
    along_its_way: bool = False,
) -> tuple[list[tuple[Followed, Detection]], list[Followed], list[Detection]]:
    """Pairs of at least `least` likeness, then the objects and the detections that are left over, in their order.

    An object is looked for where it should be by now; `along_its_way` anywhere between the place where it was seen last
    and the one that it has reached if it never slowed down.
    """
    if not followed or not detections:
        return [], list(followed), list(detections)
    pairs: list[tuple[Followed, Detection]] = []
    taken_objects: set[int] = set()
    taken_detections: set[int] = set()
    for _, i, j in sorted(_candidates(followed, detections, least, along_its_way)):
        if i not in taken_objects and j not in taken_detections:
            taken_objects.add(i)
            taken_detections.add(j)
            pairs.append((followed[i], detections[j]))
    return (
        pairs,
        [known for i, known in enumerate(followed) if i not in taken_objects],
        [found for j, found in enumerate(detections) if j not in taken_detections],
    )


def _candidates(
    followed: Sequence[Followed], detections: Sequence[Detection], least: float, along_its_way: bool
) -> Iterator[tuple[float, int, int]]:
    """(minus the likeness, object, detection) of each pair that is alike enough."""
    places = sorted([_place(found, j) for j, found in enumerate(detections)])
    xs = [place[0] for place in places]
    widest = max([place[2] for place in places])
    for i, known in enumerate(followed):
        motion, label, unseen_s = known.motion, known.label, known.unseen_s
        x, y = motion.ahead(unseen_s)
        grown = 1 + 2 * _widened(known)
        width, height = grown * motion.width, grown * motion.height
        area = width * height
        reach = (width + grown * widest) / 2
        if along_its_way:
            reach += abs(motion.vx) * unseen_s
        for its_x, its_y, its_width, its_height, its_label, j in places[
            bisect_left(xs, x - reach) : bisect_right(xs, x + reach)
        ]:
            if along_its_way:
                x, y = motion.nearest(its_x, its_y, unseen_s)
            its_width *= grown
            its_height *= grown
            # Of two intervals, what they share: half of both lengths less the distance, at most the shorter.
            across = (width + its_width) / 2 - abs(x - its_x)
            down = (height + its_height) / 2 - abs(y - its_y)
            if across <= 0 or down <= 0:
                continue
            its_area = its_width * its_height
            shared = min(across, width, its_width) * min(down, height, its_height)
            likeness = shared / max(area + its_area - shared, _TINY)
            if likeness < least:
                continue
            likeness *= (min(area, its_area) / max(area, its_area, _TINY)) ** _SIZE_MATTERS
            if label != its_label:
                likeness = likeness * _OTHER_LABEL if lookalike(label, its_label) else 0.0
            if likeness >= least:
                yield -likeness, i, j


def _place(found: Detection, j: int) -> tuple[float, float, float, float, str, int]:
    """Centre and size of a detection, its label, and which it is."""
    box = found.box
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top, found.label, j


def _widened(known: Followed) -> float:
    if not known.motion.is_known:
        return _WIDENED_UNKNOWN
    if known.is_in_place:
        return _WIDENED
    return min(_WIDENED + _WIDENED_A_SECOND * known.unseen_s, _MOST_WIDENED)
