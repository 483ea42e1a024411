"""How much of a stream is decoded: told from packets' moments alone."""

import pytest

from core.attention import Attention, IdleDecoding, Sensitivity
from ingest.decoding import Decoding
from tests.support.builders import after


def feed(decoding: Decoding, begin_s: float, end_s: float, *, gop_s: float = 1.0, fps: int = 10) -> list[float]:
    """Packets from one moment to another; those at which it woke up."""
    woke = []
    for index in range(round(begin_s * fps), round(end_s * fps)):
        if decoding.heed(after(index / fps), is_key=index % round(gop_s * fps) == 0):
            woke.append(index / fps)
    return woke


def test_a_stream_is_watched_closely_at_first() -> None:
    decoding = Decoding(Attention())
    feed(decoding, 0, 3)
    assert not decoding.is_asleep
    assert not decoding.is_calm(after(2.9))
    assert decoding.is_calm(after(3.1))


@pytest.mark.parametrize(
    ("attention", "gop_s", "sleeps"),
    [
        (Attention(), 1.0, True),
        (Attention(), 0.5, True),
        (Attention(), 1.2, False),
        (Attention(), 5.0, False),
        (Attention(idle_look_s=5), 5.0, True),
        (Attention(idle_look_s=0.2), 1.0, False),
        (Attention(idle=IdleDecoding.ALL), 1.0, False),
        (Attention(sensitivity=Sensitivity.OFF), 1.0, False),
        (Attention(sensitivity=Sensitivity.LOW), 1.0, True),
    ],
)
def test_it_sleeps_where_key_frames_come_often_enough(attention: Attention, gop_s: float, sleeps: bool) -> None:
    decoding = Decoding(attention)
    feed(decoding, 0, 40, gop_s=gop_s)
    assert decoding.is_asleep is sleeps


def test_it_falls_asleep_with_a_key_frame() -> None:
    decoding = Decoding(Attention())
    decoding.moved(after(4.5))
    feed(decoding, 0, 8)
    assert not decoding.is_asleep
    feed(decoding, 8, 8.1)
    assert decoding.is_asleep


def test_motion_keeps_it_awake_for_three_seconds() -> None:
    decoding = Decoding(Attention())
    feed(decoding, 0, 10)
    decoding.moved(after(10))
    decoding.wake()
    assert feed(decoding, 10, 13) == []
    assert not decoding.is_asleep
    feed(decoding, 13, 14.1)
    assert decoding.is_asleep


def test_whoever_asks_wakes_it_up_with_the_next_packet_once() -> None:
    decoding = Decoding(Attention())
    feed(decoding, 0, 10.4)
    decoding.attend(after(12))
    decoding.attend(after(11))
    assert feed(decoding, 10.4, 12) == [10.4]
    assert not decoding.is_asleep


def test_a_key_frame_that_does_not_come_wakes_it_up() -> None:
    decoding = Decoding(Attention())
    feed(decoding, 0, 10)
    assert feed(decoding, 10, 14, gop_s=100) == [10.2], "as soon as one is missing"


def test_one_long_group_among_short_ones_keeps_it_awake_for_three_more() -> None:
    decoding = Decoding(Attention())
    feed(decoding, 0, 10)
    feed(decoding, 12, 14.9)
    assert not decoding.is_asleep
    feed(decoding, 14.9, 16)
    assert decoding.is_asleep


def test_it_is_never_calm_without_a_gate() -> None:
    decoding = Decoding(Attention(sensitivity=Sensitivity.OFF))
    feed(decoding, 0, 10)
    assert not decoding.is_calm(after(10))


def test_the_next_key_frame_is_expected_when_the_slowest_of_the_last_came() -> None:
    decoding = Decoding(Attention())
    assert decoding.longest_group.total_seconds() == pytest.approx(1.21)
    feed(decoding, 0, 10, gop_s=0.5)
    assert decoding.longest_group.total_seconds() == pytest.approx(0.55)
