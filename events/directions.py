"""How tables keep which way a line was crossed."""

from typing import Final

from core.line import Direction

NUMBERS: Final = {Direction.LEFT_TO_RIGHT: 1, Direction.RIGHT_TO_LEFT: 2}
DIRECTIONS: Final = {number: direction for direction, number in NUMBERS.items()}
