"""Places on the earth: longitude and latitude in degrees by WGS-84, and the shifted ones of GCJ-02."""

from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt
from typing import Final

from .errors import BadInput

_EARTH_RADIUS_M: Final = 6_371_008.8
_KRASOVSKY_RADIUS_M: Final = 6_378_245.0
_KRASOVSKY_ECCENTRICITY: Final = 0.00669342162296594323
"""Squared."""
_NEAR_ZERO_DEGREES: Final = 0.01
_EMPTY_ARCTIC: Final = (18.0, 54.0, 73.0)
"""From and to in longitude, from in latitude: the Barents and Kara seas. Svalbard's settlements lie west of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth."""

    longitude: float
    """Degrees east, -180 to 180."""
    latitude: float
    """Degrees north, -90 to 90."""

    @property
    def in_china(self) -> bool:
        """Whether it lies in the rectangle in which GCJ-02 shifts places."""
        return 72.004 <= self.longitude <= 137.8347 and 0.8293 <= self.latitude <= 55.8271


def check_place(longitude: float | None, latitude: float | None) -> Place | None:
    """The place of these coordinates; None where there are none.

    Raises `BadInput` (field `longitude` or `latitude`) for one without the other, for coordinates outside the earth,
    swapped ones, and 0, 0.
    """
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        missing = "longitude" if longitude is None else "latitude"
        raise BadInput(f"longitude and latitude go together; {missing} is missing", field=missing)
    if _is_swapped(longitude, latitude):
        raise BadInput(
            f"latitude {latitude:g} and longitude {longitude:g} seem swapped",
            field="latitude",
            hint=f"if so, write longitude {latitude:g} and latitude {longitude:g}",
        )
    # Written so that a number that is none is refused too.
    if not -180 <= longitude <= 180:
        raise BadInput(f"a longitude is -180 to 180 degrees, not {longitude:g}", field="longitude")
    if not -90 <= latitude <= 90:
        raise BadInput(f"a latitude is -90 to 90 degrees, not {latitude:g}", field="latitude")
    if abs(longitude) < _NEAR_ZERO_DEGREES and abs(latitude) < _NEAR_ZERO_DEGREES:
        raise BadInput(
            f"longitude {longitude:g}, latitude {latitude:g} is a point in the sea off Africa, no camera's place",
            field="longitude",
            hint="leave both out where the place is not known",
        )
    return Place(longitude, latitude)


def distance_m(one: Place, other: Place) -> float:
    """Metres between two places along the great circle (haversine; the earth as a ball, which errs by 0.5 %)."""
    up = radians(other.latitude - one.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin(up / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(across / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(sqrt(min(1.0, half)))


def gcj02_of(place: Place) -> Place:
    """Where Chinese maps show a place: shifted by the published formula (100 m to 700 m), in China alone."""
    if not place.in_china:
        return place
    x, y = place.longitude - 105.0, place.latitude - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    up += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    up += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    across = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    across += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    across += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    turned = radians(place.latitude)
    curve = 1 - _KRASOVSKY_ECCENTRICITY * sin(turned) ** 2
    meridian_m = _KRASOVSKY_RADIUS_M * (1 - _KRASOVSKY_ECCENTRICITY) / curve**1.5
    parallel_m = _KRASOVSKY_RADIUS_M / sqrt(curve) * cos(turned)
    return Place(place.longitude + across / parallel_m * 180 / pi, place.latitude + up / meridian_m * 180 / pi)


def wgs84_of(shifted: Place) -> Place:
    """The place that a Chinese map shows at `shifted`: the formula turned round by repetition, to less than 1 cm."""
    found = shifted
    for _ in range(8):
        seen = gcj02_of(found)
        found = Place(
            found.longitude + shifted.longitude - seen.longitude, found.latitude + shifted.latitude - seen.latitude
        )
    return found


def _is_swapped(longitude: float, latitude: float) -> bool:
    """Whether the two can only be meant the other way round."""
    west, east, north = _EMPTY_ARCTIC
    off_the_earth = 90 < abs(latitude) <= 180 and abs(longitude) <= 90
    return off_the_earth or (north <= latitude <= 90 and west <= longitude <= east)
