"""Pictures on their way from the decoder to those who look at them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from .errors import BadInput
from .ids import CameraId
from .motion import Motion

Plane = npt.NDArray[np.uint8]
"""One plane of a frame: shape (height, width), uint8, read-only."""

Picture = npt.NDArray[np.uint8]
"""A colour array: shape (height, width, 3), uint8, channels blue, green, red."""


class ColourRange(StrEnum):
    """How luma maps to brightness: 16 to 235 (limited), or 0 to 255 (full)."""

    LIMITED = "limited"
    FULL = "full"


class ColourMatrix(StrEnum):
    """How Y, U, V map to blue, green, red: by ITU-R BT.601 or BT.709."""

    BT601 = "bt601"
    BT709 = "bt709"


class PixelFormat(StrEnum):
    """How the planes lie. Readers bring every other format to this one."""

    I420 = "i420"
    """Three planes; U and V at half the width and half the height, rounded up."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded picture of one camera. Raises `BadInput` where the planes do not fit each other."""

    camera: CameraId
    at: datetime
    """Arrival by the server's clock, smoothed along `pts`; UTC."""
    arrived: float
    """The same arrival by `Clock.monotonic`, unsmoothed, in seconds: what latencies are measured from."""
    pts: int
    """Presentation time in units of `time_base`, from the start of this connection. It may run backwards."""
    time_base: Fraction
    luma: Plane
    """Y, shape (height, width): the decoder's own plane where possible, not a copy."""
    chroma_u: Plane
    """U, shape (height / 2, width / 2), rounded up; `chroma_v` likewise."""
    chroma_v: Plane
    is_key: bool = False
    pixel_format: PixelFormat = PixelFormat.I420
    range: ColourRange = ColourRange.LIMITED
    matrix: ColourMatrix = ColourMatrix.BT601
    motion: Motion | None = None
    """What the motion gate says of it; None where no gate looked, and every frame counts."""

    def __post_init__(self) -> None:
        height, width = self.luma.shape
        half = ((height + 1) // 2, (width + 1) // 2)
        if self.chroma_u.shape != half or self.chroma_v.shape != half:
            raise BadInput(
                f"a frame of {width}x{height} needs chroma planes of {half[1]}x{half[0]}, "
                f"not {self.chroma_u.shape[::-1]} and {self.chroma_v.shape[::-1]}",
                field="chroma",
            )

    @property
    def width(self) -> int:
        return int(self.luma.shape[1])

    @property
    def height(self) -> int:
        return int(self.luma.shape[0])
