"""Why nothing happened: at which condition of a rule its tracks failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Unfulfilled(StrEnum):
    """The condition that came nearest to an event and did not hold, in the order in which they are asked."""

    LABEL = "label"
    """It bears none of the rule's labels."""
    PLACE = "place"
    """It never was in the zone, or never crossed the line."""
    DIRECTION = "direction"
    """It crossed or moved the other way."""
    SIZE = "size"
    """It was too small there."""
    SCORE = "score"
    """The detector was not sure enough of it."""
    PATH = "path"
    """It had not moved far enough."""
    SPEED = "speed"
    """It was too slow."""
    DURATION = "duration"
    """It did not last long enough."""
    HOURS = "hours"
    """It was outside the rule's hours."""
    COOL_DOWN = "cool_down"
    """Another event of the rule had begun shortly before."""
    ONCE = "once"
    """The track had made its one event already."""


@dataclass(frozen=True, slots=True)
class RuleAccount:
    """What became of the tracks that a rule saw since it has been watching: each track counts once, when it is over."""

    tracks: int = 0
    """Tracks that are over."""
    with_event: int = 0
    """Of these, tracks that made an event (or took part in one)."""
    unfulfilled: Mapping[Unfulfilled, int] = field(default_factory=dict)
    """Of the others, at which condition each came nearest."""
