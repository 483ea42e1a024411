"""When pictures were taken, though they leave the decoder in another order than their packets came in."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ingest.moments import Moments
from tests.support.builders import START, after

MS = Fraction(1, 1000)


def test_pictures_that_were_sent_late_have_the_moment_at_which_they_are_shown() -> None:
    moments = Moments()
    for pts, at in ((0, 0.1), (160, 0.16), (40, 0.16), (80, 0.16), (120, 0.17)):
        moments.note(pts, MS, after(at))
    moments_s = [round((moments.of(pts) - START) / timedelta(seconds=1), 3) for pts in (40, 80, 120, 160)]
    assert moments_s == [0.04, 0.08, 0.12, 0.16]


def test_a_picture_may_leave_the_decoder_long_after_its_packet() -> None:
    moments = Moments()
    for index in range(20):
        moments.note(index * 40, MS, after(index * 0.04))
    assert moments.of(0) == after(0)
    assert moments.of(40) == after(0.04)


def test_a_picture_that_nobody_knows_is_of_the_newest_packet() -> None:
    moments = Moments()
    moments.note(0, MS, after(1))
    moments.note(40, MS, after(2))
    assert moments.of(77) == after(2)


def test_packets_without_a_time_are_of_the_moment_they_came_at() -> None:
    moments = Moments()
    for second in (1, 2, 3):
        moments.note(None, MS, after(second))
        assert moments.of(None) == after(second)


def test_a_clock_of_the_camera_that_jumps_back_is_followed() -> None:
    moments = Moments()
    moments.note(90_000, MS, after(1))
    moments.note(0, MS, after(1.04))
    assert [moments.of(90_000), moments.of(0)] == [after(1), after(1.04)]


def test_what_the_decoder_never_gave_is_forgotten() -> None:
    moments = Moments()
    for index in range(100_000):
        moments.note(index, MS, after(index / 1000))
    assert len(moments._by_pts) <= 1024


@given(st.lists(st.tuples(st.integers(-100, 200), st.floats(0, 0.2)), max_size=80))
def test_moments_never_run_backwards_by_less_than_a_jump(packets: list[tuple[int, float]]) -> None:
    moments, pts, at, last = Moments(), 0, 0.0, None
    for step, passed_s in packets:
        pts, at = pts + step, at + passed_s
        moments.note(pts, MS, after(at))
        moment = moments.of(pts)
        assert moment <= after(at) or moment == last
        assert last is None or moment >= last or last - moment > timedelta(seconds=2)
        last = moment
