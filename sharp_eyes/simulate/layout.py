"""Which camera belongs to whom, where it stands and how busy it is: what registry, histories and traffic go by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .city import City
from .regions import STREETS
from .words import DISTRICTS, SECTOR_ORDER

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

_STEEPNESS: Final = 0.7
"""The k-th busiest camera has 1/k**0.7 of the events of the busiest one: some see thousands, some nearly none."""
_WEST, _SOUTH = 114.12, 30.54
_DISTRICT: Final = 0.12
_STREET: Final = 0.03
_ASTRAY: Final = 0.006
"""Degrees: from district to district, from street to street, and how far cameras stand from the middle of theirs."""
_LEAST_ON_A_RECORDER, _MOST_ON_A_RECORDER = 4, 16


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Arrays by camera, in the order of their numbers; all have the shape (cameras,)."""

    department: Numbers
    """From 0."""
    sector: Numbers
    """Place in `SECTOR_ORDER`."""
    busyness: Shares
    """Share of the city's events on this camera and those before it: the last one is 1."""
    district: Numbers
    """Place in `DISTRICTS`."""
    street: Numbers
    """Place in `STREETS`."""
    longitude: Shares
    latitude: Shares
    recorder: Numbers
    """The recorder that it hangs on, from 0; all cameras of one belong to one department."""


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
    # The first department of each sector is the whole city's; the others have a district each.
    of_city = department < len(SECTOR_ORDER)
    district = (department // len(SECTOR_ORDER) - 1) % len(DISTRICTS)
    district = np.where(of_city, rng.integers(0, len(DISTRICTS), city.cameras), district)
    street = rng.integers(0, len(STREETS), city.cameras)
    astray = rng.normal(0, _ASTRAY, (city.cameras, 2))
    return Layout(
        department=department,
        sector=department % len(SECTOR_ORDER),
        busyness=np.cumsum(weights) / weights.sum(),
        district=district,
        street=street,
        longitude=np.round(_WEST + _DISTRICT * (district % 4) + _STREET * (street % 4) + astray[:, 0], 6),
        latitude=np.round(_SOUTH + _DISTRICT * (district // 4) + _STREET * (street // 4) + astray[:, 1], 6),
        recorder=_recorders(rng, department),
    )


def _recorders(rng: np.random.Generator, department: Numbers) -> Numbers:
    """Recorders of 4 to 16 cameras, department by department; the last one of each may have fewer."""
    order = np.argsort(department, kind="stable")
    recorder = np.empty(len(department), np.int64)
    number, place = 0, 0
    ends = np.flatnonzero(np.diff(department[order], append=-1)) + 1
    for end in ends.tolist():
        while place < end:
            until = min(place + int(rng.integers(_LEAST_ON_A_RECORDER, _MOST_ON_A_RECORDER + 1)), end)
            recorder[order[place:until]] = number
            number, place = number + 1, until
    return recorder
