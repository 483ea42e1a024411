"""Property tests of crossings: whatever the path, the line and the tremble."""

import math
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from core.line import Direction, Line
from inference.rules.passage import Crossed, Passage, Threshold
from tests.support.builders import a_line, after

LONG = a_line((0.5, 1.0), (0.5, 0.0))
"""Up the middle: x above 0.5 is right of it."""
MARGIN = 0.02
PLACES = st.tuples(st.floats(0, 1), st.floats(0, 1))
STEPS = st.integers(0, 64).map(lambda step: step / 128)
"""Places whose differences are exact, however far they are shifted."""
FAR_LEFT, FAR_RIGHT = st.floats(0, 0.4), st.floats(0.6, 1)


def crossings(path: Sequence[tuple[float, float]], line: Line = LONG, margin: float = MARGIN) -> list[Crossed]:
    """One place each second."""
    passage, threshold = Passage(), Threshold(line)
    steps = (passage.follow(threshold, after(s), x, y, margin) for s, (x, y) in enumerate(path))
    return [crossed for crossed in steps if crossed is not None]


@given(st.lists(PLACES, max_size=12), st.lists(st.sampled_from([0.2, 0.8]), min_size=1, max_size=12))
def test_the_way_back_crosses_as_often_in_the_opposite_directions(
    between: list[tuple[float, float]], ends: list[float]
) -> None:
    path = [(ends[0], 0.5), *between, (ends[-1], 0.5)]
    there = [crossed.direction for crossed in crossings(path)]
    back = [crossed.direction for crossed in crossings(path[::-1])]
    assert back == [direction.opposite for direction in reversed(there)]


@given(st.lists(PLACES, min_size=1, max_size=20))
def test_directions_alternate_and_end_on_the_side_where_the_path_ends(between: list[tuple[float, float]]) -> None:
    found = [crossed.direction for crossed in crossings([(0.1, 0.5), *between, (0.9, 0.5)])]
    assert found[0] is found[-1] is Direction.LEFT_TO_RIGHT
    assert all(one is other.opposite for one, other in pairwise(found))


@given(st.lists(st.tuples(st.floats(-0.009, 0.009), st.floats(0, 1)), max_size=50))
def test_who_stands_on_the_line_and_trembles_crosses_nothing(offsets: list[tuple[float, float]]) -> None:
    assert crossings([(0.5 + off, y) for off, y in offsets]) == []


@given(FAR_LEFT, FAR_RIGHT, st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(-0.019, 0.019), max_size=20))
def test_who_crosses_and_trembles_on_the_line_crosses_once(
    left: float, right: float, y: float, other_y: float, trembles: list[float]
) -> None:
    path = [(left, y), *((0.5 + off, y) for off in trembles), (right, other_y)]
    assert [crossed.direction for crossed in crossings(path)] == [Direction.LEFT_TO_RIGHT]


@given(FAR_LEFT, FAR_RIGHT, st.floats(0, 1), st.floats(0, 1))
def test_a_crossing_lies_on_the_line_and_between_the_two_moments(
    left: float, right: float, y: float, other_y: float
) -> None:
    (crossed,) = crossings([(left, y), (right, other_y)])
    assert abs(crossed.x - 0.5) < 1e-9
    share = (0.5 - left) / (right - left)
    assert abs(crossed.at - after(share)) <= timedelta(microseconds=2)
    assert abs(crossed.y - (y + share * (other_y - y))) < 1e-9


@given(
    st.lists(st.tuples(STEPS, STEPS), max_size=10), st.tuples(STEPS, STEPS), st.tuples(STEPS, STEPS), st.integers(0, 64)
)
def test_a_shift_of_path_and_line_changes_nothing(
    path: list[tuple[float, float]], start: tuple[float, float], end: tuple[float, float], steps: int
) -> None:
    assume(math.dist(start, end) >= 0.01)
    shift = steps / 128
    here = crossings(path, a_line(start, end))
    there = crossings([(x + shift, y) for x, y in path], a_line((start[0] + shift, start[1]), (end[0] + shift, end[1])))
    assert [(one.direction, one.at) for one in here] == [(one.direction, one.at) for one in there]


def test_past_the_ends_of_the_line_is_no_crossing() -> None:
    short = a_line((0.5, 0.6), (0.5, 0.4))
    assert crossings([(0.2, 0.3), (0.8, 0.3)], short) == []
    assert crossings([(0.2, 0.7), (0.8, 0.7)], short) == []
    assert len(crossings([(0.2, 0.5), (0.8, 0.5)], short)) == 1


def test_who_went_round_the_end_and_comes_back_over_the_line_crosses_it_once() -> None:
    short = a_line((0.5, 0.6), (0.5, 0.4))
    found = crossings([(0.2, 0.5), (0.2, 0.2), (0.8, 0.2), (0.8, 0.5), (0.2, 0.5)], short)
    assert [crossed.direction for crossed in found] == [Direction.RIGHT_TO_LEFT]


def test_who_appears_on_the_line_must_come_twice_as_far_from_where_it_was() -> None:
    assert crossings([(0.499, 0.5), (0.53, 0.5)]) == []
    assert len(crossings([(0.499, 0.5), (0.53, 0.5), (0.54, 0.5)])) == 1


def test_the_margin_grows_with_the_object() -> None:
    path = [(0.3, 0.5), (0.53, 0.5)]
    assert len(crossings(path, margin=0.02)) == 1
    assert crossings(path, margin=0.05) == []


def test_who_stops_on_the_line_crosses_it_when_it_goes_on() -> None:
    found = crossings([(0.4, 0.5), (0.5, 0.5), (0.5, 0.5), (0.6, 0.5)])
    assert [(crossed.direction, crossed.at) for crossed in found] == [(Direction.LEFT_TO_RIGHT, after(2))]
