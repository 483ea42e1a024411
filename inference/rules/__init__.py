"""What a rule asks of a track. A file a kind."""

from typing import Protocol, assert_never

from core.rule import Rule, RuleKind
from core.track import Track

from .object_in_zone import ObjectInZone


class Condition(Protocol):
    """What a rule asks of each track in each picture; durations and scores are the rule book's business."""

    def holds(self, track: Track) -> bool:
        """Whether the track, as this picture shows it, does what the rule watches for."""


def condition_of(rule: Rule) -> Condition:
    match rule.kind:
        case RuleKind.OBJECT_IN_ZONE:
            return ObjectInZone(rule)
        case _:
            assert_never(rule.kind)


__all__ = ["Condition", "condition_of"]
