import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.box import Point
from core.errors import BadInput
from core.zone import MOST_POINTS, Polygon

SHARES = st.floats(0, 1)
SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
HORSESHOE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))


def polygon(*points: tuple[float, float]) -> Polygon:
    return Polygon(tuple(Point(x, y) for x, y in points))


@given(SHARES, SHARES)
def test_a_square_holds_just_the_points_between_its_sides(x: float, y: float) -> None:
    if all(abs(share - side) > 1e-9 for share in (x, y) for side in (0.2, 0.8)):
        assert polygon(*SQUARE).holds(Point(x, y)) == (0.2 < x < 0.8 and 0.2 < y < 0.8)


@pytest.mark.parametrize(("x", "y", "held"), [(0.5, 0.2, True), (0.2, 0.8, True), (0.8, 0.8, True), (0.5, 0.7, False)])
def test_a_hollow_of_a_polygon_lies_outside(x: float, y: float, held: bool) -> None:
    assert polygon(*HORSESHOE).holds(Point(x, y)) is held


@given(SHARES, SHARES)
def test_the_direction_of_the_corners_does_not_matter(x: float, y: float) -> None:
    if all(abs(share - side) > 1e-9 for share in (x, y) for corner in HORSESHOE for side in corner):
        assert polygon(*HORSESHOE).holds(Point(x, y)) == polygon(*reversed(HORSESHOE)).holds(Point(x, y))


@given(SHARES.filter(lambda y: 0 < y < 1))
def test_of_two_zones_that_share_a_side_one_holds_each_point(y: float) -> None:
    left = polygon((0, 0), (0.5, 0), (0.5, 1), (0, 1))
    right = polygon((0.5, 0), (1, 0), (1, 1), (0.5, 1))
    assert left.holds(Point(0.5, y)) != right.holds(Point(0.5, y))


def test_two_points_are_no_polygon() -> None:
    with pytest.raises(BadInput, match="3 to 64 points, not 2"):
        polygon((0, 0), (1, 1))


def test_too_many_points_are_refused() -> None:
    count = MOST_POINTS + 1
    turns = [2 * math.pi * index / count for index in range(count)]
    with pytest.raises(BadInput, match="not 65"):
        polygon(*((0.5 + 0.4 * math.cos(turn), 0.5 + 0.4 * math.sin(turn)) for turn in turns))


@pytest.mark.parametrize("point", [(1.2, 0.5), (0.5, -0.1), (math.nan, 0.5)])
def test_points_outside_the_picture_are_refused_by_name(point: tuple[float, float]) -> None:
    with pytest.raises(BadInput, match="shares of the picture") as refused:
        polygon((0, 0), point, (0, 1))
    assert refused.value.field == "points[1]"


def test_sides_that_cross_are_refused() -> None:
    with pytest.raises(BadInput, match="cross each other"):
        polygon((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.8))


def test_points_on_one_line_are_refused() -> None:
    with pytest.raises(BadInput, match="no area"):
        polygon((0.1, 0.1), (0.5, 0.5), (0.9, 0.9))
