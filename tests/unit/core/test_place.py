"""Places, and coordinates that are none."""

import math

import pytest

from core.errors import BadInput
from core.place import Place, check_place, distance_m, gcj02_of, wgs84_of

TIANANMEN = Place(116.39128, 39.90733)
"""WGS-84."""
TIANANMEN_ON_A_MAP = Place(116.39752, 39.90873)
"""GCJ-02, as public converters give it, to 1 m."""


@pytest.mark.parametrize(
    ("longitude", "latitude"), [(116.39, 39.9), (-180, -90), (15.6, 78.2), (0, 51.5), (None, None)]
)
def test_places_on_the_earth_are_taken(longitude: float | None, latitude: float | None) -> None:
    found = check_place(longitude, latitude)
    assert found == (None if longitude is None or latitude is None else Place(longitude, latitude))


@pytest.mark.parametrize(
    ("longitude", "latitude", "field", "words"),
    [
        (116.39, None, "latitude", "latitude is missing"),
        (None, 39.9, "longitude", "longitude is missing"),
        (39.9, 116.39, "latitude", "swapped"),
        (39.47, 75.99, "latitude", "swapped"),
        (181.0, 39.9, "longitude", "not 181"),
        (116.39, -91.0, "latitude", "not -91"),
        (0.0, 0.0, "longitude", "no camera.s place"),
        (math.nan, 39.9, "longitude", "not nan"),
        (116.39, math.inf, "latitude", "not inf"),
    ],
)
def test_coordinates_that_cannot_be_are_refused(
    longitude: float | None, latitude: float | None, field: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        check_place(longitude, latitude)
    assert caught.value.field == field


def test_a_chinese_map_shows_a_place_where_public_converters_say() -> None:
    assert distance_m(gcj02_of(TIANANMEN), TIANANMEN_ON_A_MAP) < 3


@pytest.mark.parametrize("place", [TIANANMEN, Place(121.4737, 31.2304), Place(87.6, 43.8), Place(110.3, 20.0)])
def test_a_shifted_place_is_shifted_back(place: Place) -> None:
    shifted = gcj02_of(place)
    assert 100 < distance_m(place, shifted) < 800
    assert distance_m(wgs84_of(shifted), place) < 0.01


def test_places_outside_china_are_not_shifted() -> None:
    berlin = Place(13.4, 52.5)
    assert gcj02_of(berlin) == wgs84_of(berlin) == berlin


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(Place(10, 50), Place(10, 51)) == pytest.approx(111_195, abs=5)
