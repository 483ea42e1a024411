from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.course import MOST_POINTS
from inference.trail import Trail
from tests.support.builders import a_box, after

BOX = a_box(width=0.1, height=0.2)


def trail(places: list[tuple[float, float]], *, score: float = 0.8, step_s: float = 0.2) -> Trail:
    found = Trail(after(0), *places[0])
    for look, (x, y) in enumerate(places):
        found.add(after(look * step_s), x, y, BOX, score)
    return found


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=300))
def test_a_path_of_any_length_keeps_its_ends_and_its_order(places: list[tuple[float, float]]) -> None:
    path = trail(places).course().path
    assert 1 <= len(path) <= MOST_POINTS
    assert (path[0].foot.x, path[0].foot.y, path[0].at) == (*places[0], after(0))
    assert (path[-1].foot.x, path[-1].foot.y) == places[-1]
    assert path[-1].at == after((len(places) - 1) * 0.2)
    assert [point.at for point in path] == sorted({point.at for point in path})


def test_a_long_path_is_thinned_evenly() -> None:
    path = trail([(0.001 * look % 1, 0.5) for look in range(0, 20_000, 20)]).course().path
    assert len(path) == MOST_POINTS
    gaps = [(two.at - one.at).total_seconds() for one, two in pairwise(path)]
    assert max(gaps) <= 3 * min(gaps[1:-1])


def test_what_stands_and_trembles_has_not_moved() -> None:
    course = trail([(0.5 + 0.01 * (look % 2), 0.5) for look in range(1_001)]).course()
    assert (len(course.path), course.speed, course.heading_deg) == (2, 0.0, None)


@pytest.mark.parametrize(
    ("across", "down", "heading"), [(0, -1, 0), (1, 0, 90), (0, 1, 180), (-1, 0, 270), (1, -1, 45)]
)
def test_a_heading_is_told_as_on_a_compass(across: float, down: float, heading: float) -> None:
    course = trail([(0.5 + 0.04 * look * across, 0.5 + 0.04 * look * down) for look in range(11)]).course()
    assert course.heading_deg == pytest.approx(heading)


def test_speed_is_the_way_by_the_time() -> None:
    course = trail([(0.02 * look, 0.5) for look in range(26)]).course()
    assert course.speed == pytest.approx(0.1)


def test_who_has_come_back_had_a_speed_and_has_no_heading() -> None:
    course = trail([(0.1 + 0.02 * (look if look <= 25 else 50 - look), 0.5) for look in range(51)]).course()
    assert course.speed == pytest.approx(0.1, rel=0.1)
    assert course.heading_deg is None


def test_scores_are_averaged() -> None:
    found = trail([(0.5, 0.5)] * 3, score=0.6)
    found.add(after(1), 0.5, 0.5, BOX, 0.2)
    assert found.course().mean_score == pytest.approx(0.5)
