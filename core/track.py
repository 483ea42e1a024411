"""Objects followed over the frames of one camera."""

import math
from dataclasses import dataclass
from datetime import datetime

from .box import Box
from .ids import CameraId


@dataclass(frozen=True, slots=True)
class Velocity:
    """Shares of the picture's width and height a second: `x` to the right, `y` downward."""

    x: float
    y: float

    @property
    def speed(self) -> float:
        """Shares a second, across and down counting alike."""
        return math.hypot(self.x, self.y)


STANDING = Velocity(0.0, 0.0)


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
    smooth_score: float
    """Mean of the track's scores, the newer ones weighing more, 0 to 1: one lucky detection does not raise it much."""
    velocity: Velocity
    """Smoothed, of the box's centre."""
    moved: float
    """The farthest that its foot has been from where the object was first seen, in shares; jitter is left out."""
    is_stationary: bool
    """Whether it has stayed where it is for a while: a parked car, a person waiting."""
