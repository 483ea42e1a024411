"""What it takes until a worker may take cameras from others."""

from datetime import timedelta

import pytest

from sharp_eyes.worker.steadiness import Steadiness
from tests.support.builders import FakeClock


def steady_after(*beats: tuple[float, float], then_s: float = 0.0) -> float:
    """How steady it is after beats, each so long after the one before, with the database's clock so far off."""
    clock = FakeClock()
    steadiness = Steadiness(clock)
    for after_s, off_s in beats:
        clock.advance(after_s)
        steadiness.renewed(timedelta(seconds=off_s))
    clock.advance(then_s)
    return steadiness.seconds


def test_nobody_is_steady_before_the_first_beat() -> None:
    assert steady_after() == 0


def test_it_grows_with_each_beat() -> None:
    assert steady_after((0, 0), (1.5, 0), (1.5, 0), (1.5, 0)) == 4.5


def test_a_gap_as_long_as_a_lease_begins_it_anew() -> None:
    assert steady_after((0, 0), (1.5, 0), (5, 0), (1.5, 0)) == 1.5
    assert steady_after((0, 0), (1.5, 0), (4.9, 0), (1.5, 0)) == pytest.approx(7.9)


@pytest.mark.parametrize("off_s", [-3600, 3600, 2])
def test_a_database_whose_clock_was_set_begins_it_anew(off_s: float) -> None:
    assert steady_after((0, 0), (1.5, 0), (1.5, off_s), (1.5, 0)) == 1.5


def test_a_lease_that_is_over_is_not_steady() -> None:
    assert steady_after((0, 0), (1.5, 0), then_s=5) == 0
