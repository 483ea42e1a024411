"""Rules: what makes an event."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NewType

from .errors import BadInput
from .ids import CameraId
from .zone import Zone

RuleId = NewType("RuleId", int)


class Severity(IntEnum):
    """How urgent an event is: AlarmPriority of GB/T 28181, where 1 is the most urgent."""

    EMERGENCY = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class RuleKind(StrEnum):
    """Which condition a rule watches for."""

    OBJECT_IN_ZONE = "object_in_zone"

    @property
    def alarm_code(self) -> tuple[int, int]:
        """Alarm method and alarm type of GB/T 28181 for events of this kind."""
        match self:
            case RuleKind.OBJECT_IN_ZONE:
                return 5, 2


@dataclass(frozen=True, slots=True)
class Rule:
    """An object of one of `labels` stands in `zone` (None: anywhere) for at least `min_duration`.

    Raises `BadInput` for no labels, a score outside 0..1, a duration below 0.
    """

    id: RuleId
    camera: CameraId
    name: str
    labels: frozenset[str]
    kind: RuleKind = RuleKind.OBJECT_IN_ZONE
    zone: Zone | None = None
    min_duration: timedelta = timedelta(seconds=1)
    min_score: float = 0.4
    severity: Severity = Severity.LOW
    enabled: bool = True

    def __post_init__(self) -> None:
        if not self.labels:
            raise BadInput(
                f"rule {self.name!r} has no labels; expected at least one, person for example", field="labels"
            )
        if not 0 <= self.min_score <= 1:
            raise BadInput(f"min_score of rule {self.name!r} is {self.min_score}; expected 0 to 1", field="min_score")
        if self.min_duration < timedelta(0):
            raise BadInput(f"min_duration of rule {self.name!r} is below 0 s", field="min_duration_s")
