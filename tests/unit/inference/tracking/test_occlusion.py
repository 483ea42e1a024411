import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.builders import a_box, a_detection
from tests.support.following import Place, Way, follow, numbers, numbers_of, scene

SPEEDS = st.one_of(st.floats(-0.3, -0.05), st.floats(0.05, 0.3))
WIDTHS = st.floats(0.05, 0.12)
HIDDEN_S = st.floats(0.4, 2.4)


def _person(x: float, width: float) -> Place:
    return x, 0.5, width, 2.5 * width


def _passing(speed: float, width: float) -> Way:
    """Through the middle of the picture after three seconds."""
    return lambda s: _person(0.5 + speed * (s - 3), width)


def _start(speed: float) -> float:
    return 0.1 if speed > 0 else 0.9


@given(speed=SPEEDS, width=WIDTHS, hidden_s=HIDDEN_S)
@example(speed=-0.297, width=0.051, hidden_s=2.25)
@example(speed=-0.297, width=0.051, hidden_s=1.0)
def test_an_object_that_passes_behind_something_keeps_its_number(speed: float, width: float, hidden_s: float) -> None:
    def way(s: float) -> Place | None:
        return None if 1.5 < s < 1.5 + hidden_s else _person(_start(speed) + speed * s, width)

    assert set(numbers_of(scene([way], 5))[0]) == {1}


@given(speed=SPEEDS, width=WIDTHS, hidden_s=HIDDEN_S)
@example(speed=-0.297, width=0.051, hidden_s=2.25)
@example(speed=-0.297, width=0.051, hidden_s=1.0)
def test_an_object_that_waits_behind_something_keeps_its_number(speed: float, width: float, hidden_s: float) -> None:
    def way(s: float) -> Place | None:
        gone_s = min(s, 1.5) + max(0.0, s - 1.5 - hidden_s)
        return None if 1.5 < s < 1.5 + hidden_s else _person(_start(speed) + speed * gone_s, width)

    assert set(numbers_of(scene([way], 6))[0]) == {1}


def test_what_comes_up_beside_the_way_of_a_hidden_object_is_another() -> None:
    looks = [[a_detection("car", 0.6, a_box(0.1 + 0.04 * step, 0.5, 0.06, 0.06))] for step in range(8)]
    looks += [[]] * 5 + [[a_detection("car", 0.6, a_box(0.45, 0.7, 0.06, 0.06))]] * 4
    assert numbers(follow(looks)) == {1, 2}


def test_what_comes_up_behind_a_hidden_object_is_another() -> None:
    looks = [[a_detection("car", 0.6, a_box(0.3 + 0.04 * step, 0.5, 0.06, 0.06))] for step in range(8)]
    looks += [[]] * 5 + [[a_detection("car", 0.6, a_box(0.3 + 0.04 * step, 0.5, 0.06, 0.06))] for step in range(4)]
    assert numbers(follow(looks)) == {1, 2}


@pytest.mark.parametrize("seed", range(20))
def test_two_who_cross_on_one_line_keep_their_numbers(seed: int) -> None:
    """They cover each other on the way, and the detector tells one of the two for some looks."""
    ways = [_passing(0.06 + 0.006 * seed, 0.08), _passing(0.005 * seed - 0.18, 0.085)]
    borne = numbers_of(scene(ways, 6, seed=seed, tremble=0.03, missed=0.05))
    assert borne[0][0] == borne[0][-1] != borne[1][0] == borne[1][-1]


@pytest.mark.parametrize("seed", range(20))
def test_one_who_passes_a_standing_one_leaves_it_its_number(seed: int) -> None:
    ways = [_passing(0, 0.08), _passing(0.06 + 0.007 * seed, 0.085)]
    borne = numbers_of(scene(ways, 6, seed=seed, tremble=0.03, missed=0.05))
    assert borne[0][0] == borne[0][-1] != borne[1][0] == borne[1][-1]


def test_a_box_four_times_as_large_is_another_object() -> None:
    car, around = a_detection("car", 0.6, a_box(0.4, 0.5, 0.1, 0.1)), a_detection("car", 0.9, a_box(0.4, 0.5, 0.2, 0.2))
    assert numbers(follow([[car]] * 5 + [[around]])) == {1, 2}
