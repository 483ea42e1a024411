"""Sizes of pictures, in pixels."""

import re
from dataclasses import dataclass

from core.errors import BadInput

LONGEST_SIDE = 4096
"""No network looks at a picture longer than this, in pixels: its memory grows with the area."""

_WRITTEN = re.compile(r"(\d{1,5})[xX×](\d{1,5})")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a network's input, in pixels. Raises `BadInput` outside 1 to 4096."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if not (1 <= self.width <= LONGEST_SIDE and 1 <= self.height <= LONGEST_SIDE):
            raise BadInput(f"size {self} is out of bounds; expected sides of 1 to {LONGEST_SIDE} pixels", field="size")

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


def parse_size(text: str) -> Size:
    """`416x256` as a size: width, then height. Raises `BadInput` for anything else."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise BadInput(f"{text!r} is no size; expected WIDTHxHEIGHT, 416x256 for example", field="size")
    return Size(int(match[1]), int(match[2]))
