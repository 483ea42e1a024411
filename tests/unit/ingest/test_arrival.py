from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.arrival import ArrivalTimes
from tests.support.builders import START, after

CLOCK = Fraction(1, 90_000)
FRAME = 3600


def test_jitter_of_the_network_is_smoothed_away() -> None:
    times = ArrivalTimes()
    late = [0.0, 0.03, 0.0, 0.12, 0.01, 0.0, 0.3, 0.0]
    smoothed = [times.of_packet(n * FRAME, CLOCK, after(n * 0.04 + d)) for n, d in enumerate(late)]
    for a, b in pairwise(smoothed):
        assert abs((b - a).total_seconds() - 0.04) < 0.002


def test_what_comes_early_moves_the_guess() -> None:
    times = ArrivalTimes()
    assert times.of_packet(0, CLOCK, after(0.5)) == after(0.5)
    assert times.of_packet(FRAME, CLOCK, after(0.5)) == after(0.5)
    assert times.of_packet(2 * FRAME, CLOCK, after(0.5)) == after(0.5)


def test_a_clock_that_jumps_starts_anew_with_the_arrival() -> None:
    for jumped in (10_000 * FRAME, -10_000 * FRAME):
        times = ArrivalTimes()
        times.of_packet(0, CLOCK, after(0))
        assert times.of_packet(jumped, CLOCK, after(0.04)) == after(0.04)
        assert times.of_packet(jumped + FRAME, CLOCK, after(0.09)) == after(0.08) + timedelta(microseconds=50)


def test_our_own_clock_set_back_an_hour_is_followed() -> None:
    times = ArrivalTimes()
    times.of_packet(0, CLOCK, after(0))
    assert times.of_packet(FRAME, CLOCK, after(-3599.96)) == after(-3599.96)


def test_a_slow_camera_clock_is_followed() -> None:
    times = ArrivalTimes()
    for n in range(0, 3600 * 25, 25):
        at = times.of_packet(n * FRAME, CLOCK, after(n * 0.04 * 1.0005))
    assert abs((at - after((3600 - 1) * 1.0005)).total_seconds()) < 0.01


def test_without_a_time_of_its_own_arrival_counts() -> None:
    assert ArrivalTimes().of_packet(None, CLOCK, START) == START


@given(st.lists(st.tuples(st.integers(-(2**40), 2**40), st.floats(0, 5)), min_size=2, max_size=40))
def test_times_never_run_backwards_nor_ahead_of_arrival(packets: list[tuple[int, float]]) -> None:
    times = ArrivalTimes()
    arrived, last = START, START - timedelta(days=1)
    for pts, gap in packets:
        arrived += timedelta(seconds=gap)
        at = times.of_packet(pts, CLOCK, arrived)
        assert last <= at <= arrived
        last = at
