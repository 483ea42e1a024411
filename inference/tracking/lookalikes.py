"""Labels that a detector swaps on one and the same object."""

from collections.abc import Sequence

from core.detection import Detection

_FAMILIES = (
    frozenset({"car", "truck", "bus", "van", "train"}),
    frozenset({"bicycle", "motorcycle"}),
    frozenset({"backpack", "handbag", "suitcase"}),
)
_FAMILY_OF = {label: family for family in _FAMILIES for label in family}

SAME_OBJECT_OVERLAP = 0.7
"""Two boxes of lookalike labels that overlap so much show one object (a detector suppresses repeats by label only)."""


def lookalike(one: str, other: str) -> bool:
    """Whether one object may bear both labels in turn: car and truck, never car and person."""
    return one == other or other in _FAMILY_OF.get(one, ())


def without_doubles(detections: Sequence[Detection]) -> list[Detection]:
    """`detections`, best first, where of several labels for one object only the best is left.

    The order does not depend on the one they came in, so that nothing else does.
    """
    kept: list[Detection] = []
    by_family: dict[frozenset[str], dict[str, list[Detection]]] = {}
    for detection in sorted(detections, key=_rank):
        label = detection.label
        family = _FAMILY_OF.get(label)
        if family is not None:
            better = by_family.setdefault(family, {})
            if any(_covers(others, detection) for other, others in better.items() if other != label):
                continue
            better.setdefault(label, []).append(detection)
        kept.append(detection)
    return kept


def _covers(others: Sequence[Detection], detection: Detection) -> bool:
    return any(detection.box.overlap(other.box) >= SAME_OBJECT_OVERLAP for other in others)


def _rank(detection: Detection) -> tuple[float, float, float, float, float, str]:
    box = detection.box
    return -detection.score, box.left, box.top, box.right, box.bottom, detection.label
