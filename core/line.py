"""Lines: directed segments on a camera's picture which objects cross, or along which they go."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from .box import Point
from .errors import BadInput
from .ids import CameraId

LineId = NewType("LineId", int)

_SHORTEST = 0.01


class Direction(StrEnum):
    """Which way a line is crossed, as seen by somebody who looks from its start to its end."""

    LEFT_TO_RIGHT = "left_to_right"
    RIGHT_TO_LEFT = "right_to_left"

    @property
    def opposite(self) -> "Direction":
        return Direction.RIGHT_TO_LEFT if self is Direction.LEFT_TO_RIGHT else Direction.LEFT_TO_RIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """A directed segment from `start` to `end`, in shares of the picture.

    Raises `BadInput` for ends outside the picture, or less than a hundredth of it apart.
    """

    id: LineId
    camera: CameraId
    name: str
    start: Point
    end: Point

    def __post_init__(self) -> None:
        for field, point in (("start", self.start), ("end", self.end)):
            if not (0 <= point.x <= 1 and 0 <= point.y <= 1):
                raise BadInput(
                    f"the {field} of line {self.name!r} lies at {point.x}, {point.y}; expected shares of the picture",
                    field=field,
                )
        across, down = self.end.x - self.start.x, self.end.y - self.start.y
        if math.hypot(across, down) < _SHORTEST:
            raise BadInput(
                f"line {self.name!r} is shorter than {_SHORTEST} of the picture; expected two places apart", field="end"
            )

    def side(self, point: Point) -> float:
        """How far right of the endless line `point` lies, in shares: below 0 it lies left of it.

        Right as seen from `start` towards `end`. (The picture's y axis points down.)
        """
        across, down = self.end.x - self.start.x, self.end.y - self.start.y
        length = math.hypot(across, down)
        return (across * (point.y - self.start.y) - down * (point.x - self.start.x)) / length
