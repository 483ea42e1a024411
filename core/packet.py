"""Encoded pictures, as the camera sent them."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from .ids import CameraId


@dataclass(frozen=True, slots=True, eq=False)
class Packet:
    """One encoded picture of one stream."""

    camera: CameraId
    connection: int
    """Counts the stream's connections: packets of two connections must not be mixed in one clip."""
    at: datetime
    """Arrival by the server's clock, smoothed along `pts`; UTC."""
    pts: int | None
    """Presentation time in units of `time_base`; None where the camera gave none."""
    dts: int | None
    """Decoding time in units of `time_base`; None where the camera gave none."""
    time_base: Fraction
    is_key: bool
    data: bytes
