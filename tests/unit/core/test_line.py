import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.box import Point
from core.errors import BadInput
from core.line import Direction, Line, LineId
from tests.support.builders import CAMERA, a_line

SHARES = st.floats(0, 1)
PLACES = st.tuples(SHARES, SHARES)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    start, end = draw(PLACES), draw(PLACES)
    assume(math.dist(start, end) >= 0.01)
    return a_line(start, end)


def backwards(line: Line) -> Line:
    return Line(LineId(2), CAMERA, "back", line.end, line.start)


def test_right_is_as_somebody_sees_it_who_looks_from_start_to_end() -> None:
    up, across = a_line((0.5, 1), (0.5, 0)), a_line((0, 0.5), (1, 0.5))
    assert up.side(Point(0.7, 0.5)) == pytest.approx(0.2)
    assert up.side(Point(0.3, 0.5)) == pytest.approx(-0.2)
    assert across.side(Point(0.5, 0.6)) == pytest.approx(0.1)  # the picture's y axis points down


@given(lines(), PLACES)
def test_a_line_drawn_backwards_has_its_sides_swapped(line: Line, place: tuple[float, float]) -> None:
    assert backwards(line).side(Point(*place)) == pytest.approx(-line.side(Point(*place)), abs=1e-9)


@given(lines(), SHARES)
def test_what_lies_on_the_line_lies_on_no_side(line: Line, share: float) -> None:
    x = line.start.x + share * (line.end.x - line.start.x)
    y = line.start.y + share * (line.end.y - line.start.y)
    assert line.side(Point(x, y)) == pytest.approx(0, abs=1e-9)


@given(lines(), PLACES)
def test_no_place_of_the_line_is_nearer_than_its_side_says(line: Line, place: tuple[float, float]) -> None:
    distance = abs(line.side(Point(*place)))
    assert distance <= math.dist(place, (line.start.x, line.start.y)) + 1e-9
    assert distance <= math.dist(place, (line.end.x, line.end.y)) + 1e-9


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ((1.1, 0.5), (0, 0), "start"),
        ((0, 0), (0.5, -0.1), "end"),
        ((math.nan, 0), (1, 1), "start"),
        ((0.5, 0.5), (0.505, 0.5), "end"),
    ],
)
def test_a_line_outside_the_picture_or_without_length_is_refused(
    start: tuple[float, float], end: tuple[float, float], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        a_line(start, end)
    assert refused.value.field == field


def test_each_direction_has_its_opposite() -> None:
    assert [direction.opposite for direction in Direction] == [Direction.RIGHT_TO_LEFT, Direction.LEFT_TO_RIGHT]
