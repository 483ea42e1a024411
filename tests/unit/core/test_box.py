import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.box import Box, Point
from core.errors import BadInput

SHARES = st.floats(0, 1)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, right = sorted((draw(SHARES), draw(SHARES)))
    top, bottom = sorted((draw(SHARES), draw(SHARES)))
    return Box(left, top, right, bottom)


def test_a_box_knows_its_size_and_its_places() -> None:
    box = Box(0.25, 0.5, 0.75, 1.0)
    assert (box.width, box.height, box.area) == (0.5, 0.5, 0.25)
    assert (box.centre, box.foot) == (Point(0.5, 0.75), Point(0.5, 1.0))


@given(boxes(), boxes())
def test_overlap_lies_between_none_and_all_and_is_mutual(one: Box, other: Box) -> None:
    assert 0 <= one.overlap(other) <= 1 + 1e-9
    assert one.overlap(other) == pytest.approx(other.overlap(one))


def test_a_box_overlaps_itself_wholly() -> None:
    assert Box(0.1, 0.2, 0.3, 0.4).overlap(Box(0.1, 0.2, 0.3, 0.4)) == pytest.approx(1)


def test_overlap_is_what_both_share_over_what_either_has() -> None:
    assert Box(0, 0, 0.2, 0.2).overlap(Box(0.1, 0, 0.3, 0.2)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("other", [Box(0.5, 0, 1, 0.5), Box(0, 0.5, 0.5, 1), Box(0.6, 0.6, 1, 1)])
def test_boxes_that_at_most_touch_do_not_overlap(other: Box) -> None:
    assert Box(0, 0, 0.5, 0.5).overlap(other) == 0


def test_boxes_without_area_do_not_overlap() -> None:
    assert Box(0.5, 0.5, 0.5, 0.5).overlap(Box(0.5, 0.5, 0.5, 0.5)) == 0


def test_pixels_are_shares_times_the_size_of_the_picture() -> None:
    assert Box(0.25, 0.5, 0.5, 1).pixels(640, 360) == (160, 180, 320, 360)


@pytest.mark.parametrize(
    "sides", [(0.5, 0, 0.4, 1), (0, 0.5, 1, 0.4), (math.nan, 0, 1, 1), (0, 0, 1, math.nan)], ids=str
)
def test_sides_in_the_wrong_order_are_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(BadInput, match="left <= right and top <= bottom"):
        Box(*sides)
