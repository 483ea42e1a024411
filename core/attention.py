"""How closely a camera is watched while nothing happens."""

from dataclasses import dataclass
from enum import StrEnum

from .errors import BadInput
from .zone import Polygon

MOST_IGNORED = 16


class Sensitivity(StrEnum):
    """How little must change in a picture to count as motion."""

    OFF = "off"
    """No motion gate: every picture that is due goes to the detector."""
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class IdleDecoding(StrEnum):
    """How much of a stream is decoded while nothing moves."""

    AUTO = "auto"
    """Key frames alone where they come at least every `idle_look_s`, else all."""
    ALL = "all"
    """Every picture."""


@dataclass(frozen=True, slots=True)
class Attention:
    """How one camera is watched. Raises `BadInput` for more than 16 ignored areas, or a wait outside 0.2 to 60 s."""

    sensitivity: Sensitivity = Sensitivity.NORMAL
    ignored: tuple[Polygon, ...] = ()
    """Areas where motion is not looked at: trees, water, a burnt-in clock. Objects are still seen there."""
    idle: IdleDecoding = IdleDecoding.AUTO
    idle_look_s: float = 1.0
    """How long nobody may look while nothing moves: what comes and goes in less may be missed."""

    def __post_init__(self) -> None:
        if len(self.ignored) > MOST_IGNORED:
            raise BadInput(f"at most {MOST_IGNORED} areas can be ignored, not {len(self.ignored)}", field="ignored")
        if not 0.2 <= self.idle_look_s <= 60:
            raise BadInput(f"idle_look_s is {self.idle_look_s}; expected 0.2 to 60", field="idle_look_s")
