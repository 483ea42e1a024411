"""The prepared polygon says what the plain one says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.box import Box, Point
from core.zone import Polygon
from inference.rules.area import Area

SHARES = st.floats(0, 1)
PICTURE = Box(0, 0, 1, 1)
HORSESHOE = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))


def polygon(points: tuple[tuple[float, float], ...] = HORSESHOE) -> Polygon:
    return Polygon(tuple(Point(x, y) for x, y in points))


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Polygons of any shape around the middle: their corners go round it once."""
    count = draw(st.integers(3, 12))
    reaches = draw(st.lists(st.floats(0.05, 0.5), min_size=count, max_size=count))
    turns = [2 * math.pi * index / count for index in range(count)]
    return Polygon(
        tuple(
            Point(0.5 + reach * math.cos(turn), 0.5 + reach * math.sin(turn))
            for reach, turn in zip(reaches, turns, strict=True)
        )
    )


@given(stars(), SHARES, SHARES)
def test_it_holds_what_the_polygon_holds(star: Polygon, x: float, y: float) -> None:
    assert Area(star).holds(x, y) == star.holds(Point(x, y))


@given(stars(), SHARES, SHARES, st.floats(0.001, 0.3))
def test_what_is_clear_of_it_is_outside_and_so_is_all_around(star: Polygon, x: float, y: float, margin: float) -> None:
    area = Area(star)
    if area.is_clear_of(x, y, margin):
        around = [(x + 0.99 * margin * math.cos(turn), y + 0.99 * margin * math.sin(turn)) for turn in range(7)]
        assert not any(area.holds(*place) for place in [(x, y), *around])


@pytest.mark.parametrize(("x", "clear"), [(0.2, False), (0.92, False), (0.96, True), (0.5, True)])
def test_clear_is_outside_by_the_margin(x: float, clear: bool) -> None:
    assert Area(polygon()).is_clear_of(x, 0.8, 0.05) is clear


def test_the_whole_picture_shares_all_of_it() -> None:
    assert Area(polygon()).shared_with(PICTURE) == pytest.approx(0.64 - 0.1)


@given(stars(), SHARES, SHARES, SHARES, SHARES)
def test_what_a_box_and_it_share_is_no_larger_than_either(
    star: Polygon, x: float, y: float, width: float, height: float
) -> None:
    box, area = Box(x, y, min(1, x + width), min(1, y + height)), Area(star)
    shared = area.shared_with(box)
    assert -1e-9 <= shared <= min(area.shared_with(PICTURE), box.area) + 1e-9


@given(stars(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_four_boxes_that_fill_the_picture_share_all_of_it(star: Polygon, x: float, y: float) -> None:
    area = Area(star)
    quarters = [Box(0, 0, x, y), Box(x, 0, 1, y), Box(0, y, x, 1), Box(x, y, 1, 1)]
    assert sum(area.shared_with(quarter) for quarter in quarters) == pytest.approx(area.shared_with(PICTURE), abs=1e-9)


def test_a_box_in_the_hollow_of_a_horseshoe_shares_nothing_with_it() -> None:
    assert Area(polygon()).shared_with(Box(0.42, 0.5, 0.58, 0.9)) == pytest.approx(0, abs=1e-12)
