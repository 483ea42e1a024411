"""Polygons on the map: where cameras are looked for within."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput

from .areas import Box

Corners = tuple[tuple[float, float], ...]
"""Longitude and latitude of each, in degrees by WGS-84, around the polygon in either sense; the last one joins the
first."""
FEWEST_CORNERS: Final = 3
MOST_CORNERS: Final = 100


def check_polygon(corners: Corners) -> None:
    """Raises `BadInput` (field `polygon`) for too few corners, too many, or one off the earth."""
    if not FEWEST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise BadInput(
            f"the polygon has {len(corners)} corners; expected {FEWEST_CORNERS} to {MOST_CORNERS}",
            field="polygon",
            hint=_HINT,
        )
    for place, (longitude, latitude) in enumerate(corners, 1):
        # Written so that a number that is none is refused too.
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise BadInput(
                f"corner {place} of the polygon is {longitude:g},{latitude:g}; expected a longitude of -180 to 180 "
                "degrees and a latitude of -90 to 90",
                field="polygon",
                hint=_HINT,
            )


_HINT: Final = "write longitude,latitude;longitude,latitude;... : 114.2,30.5;114.4,30.5;114.3,30.7 for example"


def box_of(corners: Corners) -> Box:
    """The smallest box around it."""
    longitudes, latitudes = zip(*corners, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def is_inside(
    corners: Corners, longitudes: NDArray[np.floating[Any]], latitudes: NDArray[np.floating[Any]]
) -> NDArray[np.bool_]:
    """Which of these places lie inside, two arrays of one shape (places,): those from which a way to the east crosses
    an odd number of edges. Edges are straight on the map; where they cross each other, what they enclose twice is
    outside."""
    inside = np.zeros(longitudes.shape, np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if y1 == y2:
            continue
        beside = (latitudes < y1) != (latitudes < y2)
        crossing = x1 + (latitudes - y1) * ((x2 - x1) / (y2 - y1))
        inside ^= beside & (longitudes < crossing)
    return inside
