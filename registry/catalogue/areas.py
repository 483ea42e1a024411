"""Where cameras are looked for: in a box, or around a place."""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final, Self

from core.errors import BadInput
from core.place import Place, check_place

LARGEST_RADIUS_M: Final = 100_000
EARTH_RADIUS_M: Final = 6_371_008.8
_METRES_A_DEGREE: Final = radians(1) * EARTH_RADIUS_M
_MOST_TEXT: Final = 40


@dataclass(frozen=True, slots=True)
class Box:
    """Between two meridians and two parallels, in degrees by WGS-84; its edges belong to it.

    Raises `BadInput` (field `bbox`) for sides that are exchanged or off the earth.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        for name, degrees, most in (
            ("west", self.west, 180),
            ("south", self.south, 90),
            ("east", self.east, 180),
            ("north", self.north, 90),
        ):
            if not -most <= degrees <= most:
                raise BadInput(f"{name} is {degrees:g}; expected -{most} to {most} degrees", field="bbox", hint=_ORDER)
        if self.west > self.east:
            raise BadInput(f"west is {self.west:g}, and lies east of {self.east:g}", field="bbox", hint=_ORDER)
        if self.south > self.north:
            raise BadInput(f"south is {self.south:g}, and lies north of {self.north:g}", field="bbox", hint=_ORDER)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The box in `west,south,east,north`. Raises `BadInput` (field `bbox`)."""
        return cls(*_numbers(text, 4, field="bbox", expected="west,south,east,north in degrees"))


_ORDER: Final = "write west,south,east,north: 114.2,30.5,114.4,30.7 for example"


@dataclass(frozen=True, slots=True)
class Around:
    """Within a distance of a place. Raises `BadInput` (field `near`) for a place or a radius that cannot be."""

    centre: Place
    radius_m: float

    def __post_init__(self) -> None:
        if not 0 < self.radius_m <= LARGEST_RADIUS_M:
            raise BadInput(
                f"the radius is {self.radius_m:g} m; expected more than 0, at most {LARGEST_RADIUS_M}", field="near"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The surroundings in `longitude,latitude,radius_m`. Raises `BadInput` (field `near`)."""
        longitude, latitude, radius_m = _numbers(text, 3, field="near", expected="longitude,latitude,radius_m")
        try:
            check_place(longitude, latitude)
        except BadInput as fault:
            raise BadInput(fault.message, field="near", hint=fault.hint) from None
        return cls(Place(longitude, latitude), radius_m)

    def circle(self) -> "Circle":
        """What of its box lies within the distance."""
        latitude, degree = radians(self.centre.latitude), radians(1)
        return Circle(
            longitude=self.centre.longitude,
            latitude=self.centre.latitude,
            cos=cos(latitude),
            sin=sin(latitude) * degree / 2,
            curve=cos(latitude) * degree**2 / 8,
            square=(self.radius_m / (degree * EARTH_RADIUS_M)) ** 2,
        )

    def box(self) -> Box:
        """The smallest box around it; it ends where longitudes do."""
        up = self.radius_m / _METRES_A_DEGREE
        furthest = min(abs(self.centre.latitude) + up, 90.0)
        narrowest = cos(radians(furthest))
        across = 360.0 if narrowest < 1e-6 else up / narrowest
        return Box(
            west=max(self.centre.longitude - across, -180.0),
            south=max(self.centre.latitude - up, -90.0),
            east=min(self.centre.longitude + across, 180.0),
            north=min(self.centre.latitude + up, 90.0),
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """The numbers of the distance on a ball, by the parallel half-way: within 0.01 % of the great circle up to 100 km,
    below 80 degrees of latitude.

    Inside is where up**2 + (across * middle)**2 <= square, with `up` and `across` the degrees from the centre, and
    middle = cos - sin * up - curve * up**2: the cosine of the latitude half-way, to the second order.
    """

    longitude: float
    latitude: float
    """Of the centre, in degrees."""
    cos: float
    sin: float
    curve: float
    square: float
    """Of the radius in degrees of latitude."""


def _numbers(text: str, how_many: int, *, field: str, expected: str) -> list[float]:
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != how_many:
        shown = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."
        raise BadInput(f"{field} is {shown!r}; expected {expected}", field=field)
    return numbers
