"""Where a head must be, judged from a face or from a whole person: pure geometry, generous on purpose."""

from collections.abc import Iterable
from typing import Final

from core.box import Box

_UPRIGHT: Final = 2.2
"""A person at least this many times as tall as wide is seen from head to foot."""
_UPRIGHT_HEAD: Final = 0.25
"""Share of an upright person's height that may hold the head; by the canon it is an eighth."""
_SQUARE: Final = 1.0
_SQUARE_HEAD: Final = 0.55
"""The same for one as tall as wide: sitting, or cut off at the waist."""
_LYING: Final = 0.8
"""Somebody wider than this may lie, bend down, or be a face close to the camera: the head may be anywhere."""


def head_around_face(face: Box) -> Box:
    """The whole head with its hair: a face box reaches from the brow to the chin and leaves out the ears."""
    return _grown(face, sides=0.35, above=0.5, below=0.25)


def head_of_person(person: Box, aspect: float) -> Box:
    """The part of a person's box that holds the head, whichever way the person turns.

    `aspect`: width of the picture over its height, since boxes are in shares of each.
    """
    if person.width == 0:
        return person
    tallness = person.height / (person.width * aspect)
    if tallness < _LYING:
        return _grown(person, sides=0.05, above=0.1, below=0.0)
    way = min(1.0, max(0.0, (tallness - _SQUARE) / (_UPRIGHT - _SQUARE)))
    share = _SQUARE_HEAD + way * (_UPRIGHT_HEAD - _SQUARE_HEAD)
    head = Box(person.left, person.top, person.right, person.top + share * person.height)
    return _grown(head, sides=0.1, above=0.25, below=0.0)


def upper_half(person: Box) -> Box:
    """The part of a person's box, with a margin, where a face is worth a closer look."""
    upper = Box(person.left, person.top, person.right, person.top + 0.55 * person.height)
    return _grown(upper, sides=0.2, above=0.2, below=0.0)


def grown(box: Box, share: float) -> Box:
    """`box` with a margin of that share of its own size on every side."""
    return _grown(box, sides=share, above=share, below=share)


def without_covered(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """`boxes` without those that lie inside another one."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box.area, reverse=True):
        if not any(_lies_in(box, other) for other in kept):
            kept.append(box)
    return tuple(kept)


def _lies_in(box: Box, other: Box) -> bool:
    return other.left <= box.left and other.top <= box.top and box.right <= other.right and box.bottom <= other.bottom


def _grown(box: Box, *, sides: float, above: float, below: float) -> Box:
    """`box` with margins in shares of its own width and height, cut at the picture's edges."""
    return Box(
        left=min(max(0.0, box.left - sides * box.width), 1.0),
        top=min(max(0.0, box.top - above * box.height), 1.0),
        right=max(0.0, min(1.0, box.right + sides * box.width)),
        bottom=max(0.0, min(1.0, box.bottom + below * box.height)),
    )
