"""The regions of the simulated city: a province, the city, its districts, their streets. All of them are made up."""

from typing import Final

from registry.regions import Region

from .words import DISTRICTS

PROVINCE: Final = Region("98", "示例省 Example Province")
CITY: Final = Region("9801", "示例市 Example City", "98")
"""No place in China has a code that begins so."""
STREETS: Final = (
    "长江路",
    "River Street",
    "解放大道",
    "Hill Road",
    "人民路",
    "Lake Avenue",
    "中山路",
    "Station Road",
    "和平里",
    "Garden Lane",
    "友谊路",
    "Bridge Street",
)
"""Each district has one of each."""


def district_code(district: int) -> str:
    """The code of the district of that place in `DISTRICTS`."""
    return f"{CITY.code}{district + 1:02}"


def street_code(district: int, street: int) -> str:
    """The code of the street of that place in `STREETS`."""
    return f"{district_code(district)}{street + 1:03}"


def all_regions() -> list[Region]:
    """Each after the one that it lies in."""
    districts = [
        Region(district_code(district), f"{chinese} {english}", CITY.code)
        for district, (chinese, english) in enumerate(DISTRICTS)
    ]
    streets = [
        Region(street_code(district, street), name, district_code(district))
        for district in range(len(DISTRICTS))
        for street, name in enumerate(STREETS)
    ]
    return [PROVINCE, CITY, *districts, *streets]
