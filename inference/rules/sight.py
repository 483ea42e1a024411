"""What one picture shows to the rules, worked out once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.motion import Motion
from core.track import Track

_LOWEST = 1 - 1e-9
"""Feet that the picture cuts off stand in a zone that reaches down to its edge; a polygon's lower sides are not its."""

Seen = tuple[Track, float, float]
"""A track and where its foot is: x, y in shares."""


@dataclass(slots=True)
class Sight:
    """One picture, as the rules see it."""

    at: datetime
    seen: list[Seen]
    """All tracks that the picture shows, in the tracker's order."""
    labels: frozenset[str]
    """The labels that they bear."""
    numbers: frozenset[int]
    newest_before: int
    """The highest number of a track that an earlier picture showed: those above are new."""
    motion: Motion | None
    """What the motion gate says; None where no gate looked."""


def sight_of(at: datetime, tracks: Sequence[Track], newest_before: int, motion: Motion | None) -> Sight:
    """Feet, labels and numbers of `tracks`."""
    seen = []
    for track in tracks:
        box = track.box
        bottom = box.bottom
        seen.append((track, (box.left + box.right) / 2, bottom if bottom < _LOWEST else _LOWEST))
    labels = frozenset([track.label for track in tracks])
    numbers = frozenset([track.number for track in tracks])
    return Sight(at, seen, labels, numbers, newest_before, motion)
