"""Objects followed over the frames of one camera."""

from dataclasses import dataclass
from datetime import datetime

from .box import Box
from .ids import CameraId


@dataclass(frozen=True, slots=True)
class Track:
    """One object as one frame showed it. Its number belongs to its camera alone."""

    camera: CameraId
    number: int
    """Counts the tracks of this camera since the loop started, from 1."""
    label: str
    score: float
    """Score of the newest detection, 0 to 1."""
    box: Box
    first_seen_at: datetime
    last_seen_at: datetime
