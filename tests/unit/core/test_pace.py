from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pace import Pace
from tests.support.builders import after


def taken(times: list[float], fps: float = 5) -> list[float]:
    pace = Pace(fps)
    return [at for at in times if pace.takes(after(at))]


def test_every_fifth_frame_of_25_a_second_is_taken_at_5_a_second() -> None:
    assert taken([index / 25 for index in range(26)]) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize("stream_fps", [5, 7, 10, 12.5, 15, 24, 25, 29.97, 30, 60])
def test_the_rate_does_not_drift(stream_fps: float) -> None:
    times = [index / stream_fps for index in range(round(200 * stream_fps))]
    assert len(taken(times)) == pytest.approx(1000, abs=2)


@pytest.mark.parametrize("stream_fps", [25, 30, 60])
def test_frames_are_taken_evenly(stream_fps: float) -> None:
    chosen = taken([index / stream_fps for index in range(1000)])
    gaps = [later - earlier for earlier, later in pairwise(chosen)]
    assert max(gaps) - min(gaps) <= 1 / stream_fps + 1e-6


def test_all_frames_of_a_slower_stream_are_taken() -> None:
    times = [index / 3 for index in range(20)]
    assert taken(times) == times


def test_jitter_costs_no_frame_of_a_stream_of_just_the_rate() -> None:
    times = [index / 5 + (-0.015 if index % 2 else 0.004) for index in range(100)]
    assert taken(times) == times


def test_after_a_gap_frames_are_not_made_up_for() -> None:
    assert taken([0, 10, 10.04, 10.08, 10.2]) == [0, 10, 10.2]


def test_after_a_jump_back_frames_are_taken_again() -> None:
    assert taken([100, 100.2, 3, 3.04, 3.2]) == [100, 100.2, 3, 3.2]


@given(st.lists(st.floats(-3, 3), max_size=60))
def test_what_is_due_is_what_is_taken(steps: list[float]) -> None:
    pace, at = Pace(5), 0.0
    for step in steps:
        at += step
        is_due = pace.is_due(after(at))
        assert pace.takes(after(at)) is is_due
