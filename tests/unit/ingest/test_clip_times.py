from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.packet import Packet
from ingest.clip_times import ClipTimes
from tests.support.builders import CAMERA, after

CLOCK = Fraction(1, 90_000)
FRAME = 3600


def times_of(
    stamps: list[int | None], reorder: int = 0, seconds: list[float] | None = None, dts: bool = False
) -> list[tuple[int, int]]:
    """`pts` and `dts` of packets with these stamps, which arrive 40 ms after each other or at `seconds`."""
    times = ClipTimes(CLOCK, reorder)
    arrivals = seconds or [n * 0.04 for n in range(len(stamps))]
    return [
        times.of(Packet(CAMERA, 1, after(second), None if dts else stamp, stamp if dts else None, CLOCK, n == 0, b"x"))
        for n, (stamp, second) in enumerate(zip(stamps, arrivals, strict=True))
    ]


def test_even_times_are_kept_and_begin_at_zero() -> None:
    stamps: list[int | None] = [500_000 + n * FRAME for n in range(10)]
    assert times_of(stamps) == [(n * FRAME, n * FRAME) for n in range(10)]


def test_b_frames_get_decoding_times_that_rise_and_are_never_late() -> None:
    shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]
    times = times_of([n * FRAME for n in shown], reorder=1)
    assert [pts - FRAME for pts, _ in times] == [n * FRAME for n in shown]
    assert [dts for _, dts in times] == [n * FRAME for n in range(10)]


def test_decoding_times_serve_where_presentation_times_are_missing() -> None:
    assert times_of([n * FRAME for n in range(5)], dts=True) == [(n * FRAME, n * FRAME) for n in range(5)]


def test_packets_without_any_time_go_by_their_arrival() -> None:
    assert [pts for pts, _ in times_of([None] * 4, seconds=[0, 0.1, 0.2, 0.3])] == [0, 9000, 18_000, 27_000]


def test_a_first_packet_without_a_time_comes_one_picture_before_the_second() -> None:
    assert [pts for pts, _ in times_of([None, 0, FRAME])] == [0, FRAME, 2 * FRAME]


def test_a_clock_that_jumps_leaves_no_gap() -> None:
    for jump in (10**9, -(10**9)):
        stamps: list[int | None] = [0, FRAME, jump, jump + FRAME]
        assert [pts for pts, _ in times_of(stamps)] == [0, FRAME, 2 * FRAME, 3 * FRAME]


def test_a_pause_stays_a_pause() -> None:
    times = times_of([0, 10 * 90_000], seconds=[0, 10])
    assert times[1] == (10 * 90_000, 10 * 90_000)


@given(
    st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=1, max_size=60),
    st.integers(0, 4),
    st.booleans(),
)
def test_a_muxer_can_use_the_times_whatever_the_camera_says(stamps: list[int | None], reorder: int, dts: bool) -> None:
    times = times_of(stamps, reorder=reorder, dts=dts)
    assert all(0 <= decoded <= shown for shown, decoded in times)
    assert all(a[1] < b[1] for a, b in pairwise(times))
