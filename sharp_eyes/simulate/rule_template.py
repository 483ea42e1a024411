"""What the rules of a simulated city say, but for which camera and where on its picture."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from core.box import Point
from core.ids import CameraId
from core.line import Direction, Line, LineId
from core.rule import TAKES, Rule, RuleId, RuleKind, Severity
from core.zone import Polygon, Zone, ZoneId
from registry.rule_rows import values_of

_NOWHERE: Final = CameraId(0)
_SOME_LINE: Final = Line(LineId(0), _NOWHERE, "any", Point(0, 0), Point(1, 1))
_SOME_ZONE: Final = Zone(ZoneId(0), _NOWHERE, "any", Polygon((Point(0, 0), Point(1, 0), Point(1, 1))))
_NOT_OF_OBJECTS: Final = frozenset({RuleKind.MOTION, RuleKind.STREAM_LOST})


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """A rule that the cameras of a sector, or all cameras, have."""

    name: str
    labels: tuple[str, ...]
    """Those of its events, the most frequent one first: the k-th is seen 1/k as often."""
    severity: Severity
    min_duration_s: int
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    direction: Direction | None = None
    min_count: int | None = None
    min_speed: float | None = None
    min_size: float = 0.0

    @property
    def takes_line(self) -> bool:
        """Whether such a rule watches a line."""
        return "line" in TAKES[self.kind]

    def row(self) -> dict[str, Any]:
        """The columns of the rule table that are the same for all rules made of it: `zone` and `line` are not."""
        is_of_objects = self.kind not in _NOT_OF_OBJECTS
        rule = Rule(
            id=RuleId(0),
            camera=_NOWHERE,
            name=self.name,
            labels=frozenset(self.labels) if is_of_objects else frozenset(),
            kind=self.kind,
            zone=_SOME_ZONE if self.kind is RuleKind.INTRUSION else None,
            line=_SOME_LINE if self.takes_line else None,
            direction=self.direction,
            min_duration=timedelta(seconds=self.min_duration_s),
            min_count=self.min_count,
            min_speed=self.min_speed,
            min_size=self.min_size,
            severity=self.severity,
        )
        return values_of(rule)
