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
    """`detections`, best first, where of several labels for one object only the best is left."""
    ordered = sorted(detections, key=lambda found: -found.score)
    kept: list[Detection] = []
    by_family: dict[frozenset[str], list[Detection]] = {}
    for detection in ordered:
        family = _FAMILY_OF.get(detection.label)
        if family is not None:
            better = by_family.setdefault(family, [])
            if any(_is_double(detection, other) for other in better):
                continue
            better.append(detection)
        kept.append(detection)
    return kept


def _is_double(detection: Detection, better: Detection) -> bool:
    return detection.label != better.label and detection.box.overlap(better.box) >= SAME_OBJECT_OVERLAP
