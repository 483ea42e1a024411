"""How an object moved while an event lasted."""

from dataclasses import dataclass
from datetime import datetime

from .box import Point
from .errors import BadInput

MOST_POINTS = 32


@dataclass(frozen=True, slots=True)
class PathPoint:
    """Where an object's foot was at a moment."""

    at: datetime
    foot: Point


@dataclass(frozen=True, slots=True)
class Course:
    """An object's path and what follows from it. Raises `BadInput` for none or more than 32 points."""

    path: tuple[PathPoint, ...]
    """Oldest first; a long path is thinned evenly, its first and its last point stay."""
    speed: float
    """Mean speed along the path, in shares of the picture a second (across and down count alike)."""
    heading_deg: float | None
    """Where it went from the first to the last point: 0 up, 90 right, 180 down, 270 left. None if it stayed."""
    mean_score: float
    """Mean score of its detections along the path, 0 to 1. (A crossing has its way to the line for a path.)"""

    def __post_init__(self) -> None:
        if not 1 <= len(self.path) <= MOST_POINTS:
            raise BadInput(f"a path has 1 to {MOST_POINTS} points, not {len(self.path)}", field="path")
