"""Zones: the parts of a camera's picture where rules look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from .box import Point
from .errors import BadInput
from .ids import CameraId

ZoneId = NewType("ZoneId", int)

MOST_POINTS = 64


@dataclass(frozen=True, slots=True)
class Polygon:
    """A simple polygon of 3 to 64 points, in shares of the picture. Raises `BadInput` if it is anything else."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if not 3 <= len(self.points) <= MOST_POINTS:
            raise BadInput(f"a polygon has 3 to {MOST_POINTS} points, not {len(self.points)}", field="points")
        for index, point in enumerate(self.points):
            if not (0 <= point.x <= 1 and 0 <= point.y <= 1):
                raise BadInput(
                    f"point {index + 1} lies at {point.x}, {point.y}; expected shares of the picture",
                    field=f"points[{index}]",
                )
        if crossing := _crossing(self.points):
            first, second = crossing
            raise BadInput(f"sides {first + 1} and {second + 1} of the polygon cross each other", field="points")
        if abs(_signed_area(self.points)) < 1e-9:
            raise BadInput("the polygon has no area: its points lie on one line", field="points")

    def holds(self, point: Point) -> bool:
        """Whether `point` lies inside (even-odd rule; Shimrat 1962)."""
        inside = False
        previous = self.points[-1]
        for corner in self.points:
            if (corner.y > point.y) != (previous.y > point.y):
                share = (point.y - corner.y) / (previous.y - corner.y)
                if point.x < corner.x + share * (previous.x - corner.x):
                    inside = not inside
            previous = corner
        return inside


@dataclass(frozen=True, slots=True)
class Zone:
    """A named polygon on one camera's picture."""

    id: ZoneId
    camera: CameraId
    name: str
    polygon: Polygon


def _signed_area(points: Sequence[Point]) -> float:
    following = [*points[1:], points[0]]
    return sum(a.x * b.y - b.x * a.y for a, b in zip(points, following, strict=True)) / 2


def _crossing(points: Sequence[Point]) -> tuple[int, int] | None:
    """The numbers of two sides that cross each other, if any do."""
    count = len(points)
    for i in range(count):
        for j in range(i + 2, count):
            if (j + 1) % count == i:
                continue
            if _segments_cross(points[i], points[i + 1], points[j], points[(j + 1) % count]):
                return i, j
    return None


def _segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
