"""Where an object stands in a picture."""

from dataclasses import dataclass

from .errors import BadInput


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture, in shares of its width and height: 0, 0 is the top left corner, 1, 1 the bottom right."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, in shares of the picture's width and height (so that it outlives a change of resolution).

    Raises `BadInput` where left is not before right, top not above bottom, or a side is not a number.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise BadInput(f"a box has left <= right and top <= bottom, not {self}", field="box")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def foot(self) -> Point:
        """The middle of the lower edge: where a person or a car touches the ground."""
        return Point((self.left + self.right) / 2, self.bottom)

    def overlap(self, other: "Box") -> float:
        """Intersection over union, 0 to 1. It does not depend on the picture's shape."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        both = self.area + other.area - shared
        return shared / both if both > 0 else 0.0  # sides so small that their product is nothing

    def pixels(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels of a picture of that size."""
        return self.left * width, self.top * height, self.right * width, self.bottom * height
