"""Pictures that show when they were made, and which they are, as blocks coarse enough for any encoding."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.box import Point
from core.zone import Polygon

WIDTH: Final = 640
HEIGHT: Final = 360
FPS: Final = 25
_COLUMNS: Final = 8
_ROWS: Final = 6
"""A byte each: three of time, two of the number, and a sum by which a torn picture is found out."""
_CLOCK_LINES: Final = HEIGHT * 3 // 4
_BLACK, _WHITE = 16, 235
_DARK, _BRIGHT = 40, 200
"""No darker than the one is what was blacked out, no brighter than the other what stands white."""
_TIMES: Final = 1 << 24
NUMBERS: Final = 1 << 16
"""The numbers of pictures begin anew after so many."""

COVERED: Final = Polygon((Point(0.5, 0.8), Point(1, 0.8), Point(1, 1), Point(0.5, 1)))
"""White in what the camera sends. It is to be made a privacy area, so that it is black in what is masked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture shows."""

    number: int
    """Of the picture, modulo `NUMBERS`."""
    age_ms: int
    """How old it was when it was read."""
    covered_is_white: bool
    covered_is_black: bool


def picture(number: int, at: float) -> "np.ndarray[Any, Any]":
    """The picture of that number, made `at` (seconds, by the clock that the processes of a machine have in common and
    nobody sets: `time.monotonic`): I420, shape (HEIGHT * 3 / 2, WIDTH), uint8."""
    stamp = int(at * 1_000) % _TIMES
    data = [*stamp.to_bytes(3, "big"), *(number % NUMBERS).to_bytes(2, "big")]
    bits = np.unpackbits(np.array([*data, sum(data) & 0xFF], np.uint8)).reshape(_ROWS, _COLUMNS)
    made = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    blocks = np.where(bits, _WHITE, _BLACK).astype(np.uint8)
    made[:_CLOCK_LINES] = np.kron(blocks, np.ones((_CLOCK_LINES // _ROWS, WIDTH // _COLUMNS), np.uint8))
    made[_CLOCK_LINES:HEIGHT] = _WHITE
    bar = number * 4 % (WIDTH // 2 - 40)
    made[_CLOCK_LINES:HEIGHT, bar : bar + 40] = _BLACK
    return made


def read(grey: "np.ndarray[Any, Any]", at: float) -> Reading | None:
    """What `grey` shows, of shape (height, width) and any size, read `at`; None where it cannot be read."""
    height, width = grey.shape
    clock = grey[: height * 3 // 4]
    found = [_byte(clock, row) for row in range(_ROWS)]
    if sum(found[:-1]) & 0xFF != found[-1]:
        return None
    age_ms = (int(at * 1_000) - int.from_bytes(bytes(found[:3]), "big")) % _TIMES
    corner = grey[int(height * 0.87) : int(height * 0.97), int(width * 0.55) : int(width * 0.97)]
    return Reading(
        number=int.from_bytes(bytes(found[3:5]), "big"),
        age_ms=age_ms,
        covered_is_white=bool(corner.min() >= _BRIGHT),
        covered_is_black=bool(corner.max() <= _DARK),
    )


def _byte(clock: "np.ndarray[Any, Any]", row: int) -> int:
    height, width = clock.shape
    byte = 0
    for column in range(_COLUMNS):
        top, left = int((row + 0.35) * height / _ROWS), int((column + 0.35) * width / _COLUMNS)
        bottom, right = int((row + 0.65) * height / _ROWS), int((column + 0.65) * width / _COLUMNS)
        byte = byte << 1 | int(clock[top : bottom + 1, left : right + 1].mean() > 127)
    return byte
