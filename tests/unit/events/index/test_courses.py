from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.box import Point
from core.course import MOST_POINTS, Course, PathPoint
from events.index.courses import course_of, course_text
from tests.support.builders import START, after

SHARES = st.integers(-2_000, 12_000).map(lambda whole: whole / 10_000)
POINTS = st.builds(
    lambda ms, x, y: PathPoint(START + timedelta(milliseconds=ms), Point(x, y)),
    st.integers(-5_000, 86_400_000),
    SHARES,
    SHARES,
)
COURSES = st.builds(
    Course,
    path=st.lists(POINTS, min_size=1, max_size=MOST_POINTS).map(tuple),
    speed=st.integers(0, 1_000_000).map(lambda whole: whole / 10_000),
    heading_deg=st.none() | st.integers(0, 3_599).map(lambda tenths: tenths / 10),
    mean_score=st.integers(0, 10_000).map(lambda whole: whole / 10_000),
)


@given(COURSES)
def test_a_course_comes_back_to_the_millisecond_and_the_ten_thousandth(course: Course) -> None:
    assert course_of(course_text(course, START), START) == course


def test_finer_figures_are_rounded_and_errors_do_not_add_up_along_the_path() -> None:
    path = tuple(PathPoint(after(n / 30), Point(n / 3_000, n / 7_000)) for n in range(MOST_POINTS))
    back = course_of(course_text(Course(path, 1 / 3, 33.333, 2 / 3), START), START)
    for kept, told in zip(path, back.path, strict=True):
        assert abs(kept.foot.x - told.foot.x) <= 0.5e-4 + 1e-9
        assert abs(kept.foot.y - told.foot.y) <= 0.5e-4 + 1e-9
        assert abs(kept.at - told.at) <= timedelta(milliseconds=0.5)
    assert (back.speed, back.heading_deg, back.mean_score) == (0.3333, 33.3, 0.6667)


def test_the_longest_path_of_a_walk_takes_few_bytes() -> None:
    path = tuple(PathPoint(after(n), Point(0.1 + n / 50, 0.5 + n / 99)) for n in range(MOST_POINTS))
    assert len(course_text(Course(path, 0.02, 90, 0.7), START)) <= 450
