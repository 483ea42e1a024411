"""Blacking out privacy areas: what lies in one is in no masked rendition, whatever its size."""

import hashlib
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import Unavailable
from core.frame import Picture
from core.zone import Polygon

Areas = tuple[Polygon, ...]
"""Privacy areas of one camera, in shares of its picture."""

_AROUND: Final = np.ones((3, 3), np.uint8)
"""A pixel or two more on each side: in a picture that was made smaller, they still show some of what lies within."""
_QUALITY: Final = 90


class NotBlackedOut(Unavailable):
    """A picture whose privacy areas could not be blacked out, which is therefore not shown."""


def black_out(picture: Picture, areas: Areas) -> Picture:
    """`picture`, shape (height, width, 3), with all that lies in `areas` black, and a pixel or two around them.

    A copy, where there is anything to be done.
    """
    if not areas:
        return picture
    height, width = picture.shape[:2]
    return np.asarray(cv2.copyTo(picture, _left(areas, height, width)), np.uint8)


def black_out_jpeg(jpeg: bytes, areas: Areas) -> bytes:
    """The same for a JPEG; its very bytes where there are no areas. Raises `NotBlackedOut` for what is no picture."""
    if not areas:
        return jpeg
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # it has no bytes at all
        picture = None
    if picture is None:
        raise NotBlackedOut("the privacy areas could not be blacked out: what is there is no JPEG")
    done, shown = cv2.imencode(
        ".jpg", black_out(np.asarray(picture, np.uint8), areas), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise NotBlackedOut("the privacy areas could not be blacked out: no JPEG can be made of the picture")
    return shown.tobytes()


def areas_mark(areas: Areas) -> str:
    """A short text that stands for just these areas: 12 hexadecimal digits, or nothing where there are none."""
    if not areas:
        return ""
    corners = sorted(repr([(float(point.x), float(point.y)) for point in area.points]) for area in areas)
    return hashlib.sha256("\n".join(corners).encode()).hexdigest()[:12]


@lru_cache(maxsize=16)
def _left(areas: Areas, height: int, width: int) -> npt.NDArray[np.uint8]:
    """What is left of a picture: shape (height, width), uint8, 0 where it is black. Read-only, for it is kept."""
    black = np.zeros((height, width), np.uint8)
    for area in areas:
        # A pixel's place is its middle: the first one is half a pixel from the edge.
        corners = np.array([(point.x * width - 0.5, point.y * height - 0.5) for point in area.points])
        black[_within(corners, height, width)] = 1
        # Where an area is narrower than a pixel no middle may lie in it.
        outline = np.rint(corners).clip(0, (width - 1, height - 1)).astype(np.int32)
        cv2.polylines(black, [outline], True, 1)
    left = 1 - cv2.dilate(black, _AROUND)
    left.flags.writeable = False
    return np.asarray(left, np.uint8)


def _within(corners: npt.NDArray[np.float64], height: int, width: int) -> npt.NDArray[np.bool_]:
    """Which pixels have their middle within the polygon, shape (height, width): those that it goes round.

    Counted line by line (Sunday 2001, winding number), since OpenCV's `fillPoly` leaves holes where sides of a polygon
    lie upon each other.
    """
    rows = np.arange(height)[:, np.newaxis]
    (x, y), (next_x, next_y) = corners.T, np.roll(corners, -1, axis=0).T
    turns = ((y <= rows) & (next_y > rows)).astype(np.int32) - ((next_y <= rows) & (y > rows))
    line, side = np.nonzero(turns)
    share = (line - y[side]) / (next_y[side] - y[side])
    column = np.ceil(x[side] + share * (next_x[side] - x[side])).clip(0, width).astype(np.int64)
    met = np.zeros((height, width + 1), np.int16)
    np.add.at(met, (line, column), turns[line, side])
    return np.asarray(np.cumsum(met[:, :width], axis=1) != 0)
