"""One crossing of a line: what flows are counted from."""

from dataclasses import dataclass
from datetime import datetime

from .line import Direction, LineId
from .rule import RuleId


@dataclass(frozen=True, slots=True)
class Crossing:
    """One object crossed a line that a flow rule counts at."""

    rule: RuleId
    line: LineId
    direction: Direction
    label: str
    at: datetime
