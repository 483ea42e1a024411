"""What a detector finds in one picture."""

from dataclasses import dataclass

from .box import Box


@dataclass(frozen=True, slots=True)
class Detection:
    """One object in one frame."""

    label: str
    score: float
    """How sure the detector is, 0 to 1."""
    box: Box
