"""What each kind of rule watches for. A file a kind."""

from typing import Any, assert_never

from core.rule import Rule, RuleKind

from ..numbering import Numbering
from ..patience import Patience
from .crowding import Crowding
from .fast_motion import FastMotion
from .flow import Flow
from .intrusion import Intrusion
from .line_crossed import LineCrossed
from .loitering import Loitering
from .motion import MotionSeen
from .object_in_zone import ObjectInZone
from .sight import Sight, sight_of
from .stream_lost import StreamLost
from .watcher import Watcher
from .wrong_way import WrongWay


def watcher_of(rule: Rule, numbering: Numbering, patience: Patience) -> Watcher[Any]:
    """The rule at work; its events are numbered by `numbering`."""
    return _watcher(rule.kind)(rule, numbering, patience)


def _watcher(kind: RuleKind) -> type[Watcher[Any]]:
    match kind:
        case RuleKind.OBJECT_IN_ZONE:
            return ObjectInZone
        case RuleKind.INTRUSION:
            return Intrusion
        case RuleKind.LINE_CROSSED:
            return LineCrossed
        case RuleKind.WRONG_WAY:
            return WrongWay
        case RuleKind.LOITERING:
            return Loitering
        case RuleKind.CROWDING:
            return Crowding
        case RuleKind.FLOW:
            return Flow
        case RuleKind.FAST_MOTION:
            return FastMotion
        case RuleKind.MOTION:
            return MotionSeen
        case RuleKind.STREAM_LOST:
            return StreamLost
        case _:
            assert_never(kind)


__all__ = ["Sight", "StreamLost", "Watcher", "sight_of", "watcher_of"]
