"""Which camera belongs to whom and how busy it is: what both the registry and the traffic of a city go by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .city import City
from .words import SECTOR_ORDER

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_STEEPNESS: Final = 0.7
"""The k-th busiest camera has 1/k**0.7 of the events of the busiest one: some see thousands, some nearly none."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Arrays by camera, in the order of their numbers; all have the shape (cameras,)."""

    department: Numbers
    """From 0."""
    sector: Numbers
    """Place in `SECTOR_ORDER`."""
    busyness: Shares
    """Share of the city's events on this camera and those before it: the last one is 1."""
    longitude: Shares
    latitude: Shares


def lay_out(city: City) -> Layout:
    """Place the cameras of `city`."""
    rng = np.random.default_rng([city.seed, 1])
    # Departments differ in size, but each has a camera where there are enough.
    sizes = 1 / np.arange(1, city.departments + 1) ** 0.5
    department = np.concatenate(
        [
            np.arange(min(city.departments, city.cameras)),
            rng.choice(city.departments, max(0, city.cameras - city.departments), p=sizes / sizes.sum()),
        ]
    ).astype(np.int64)
    weights = rng.permutation(1 / np.arange(1, city.cameras + 1) ** _STEEPNESS)
    centre = rng.uniform(-0.2, 0.2, (city.departments, 2))
    place = centre[department] + rng.normal(0, 0.03, (city.cameras, 2))
    return Layout(
        department=department,
        sector=department % len(SECTOR_ORDER),
        busyness=np.cumsum(weights) / weights.sum(),
        longitude=114.3 + place[:, 0],
        latitude=30.6 + place[:, 1],
    )
