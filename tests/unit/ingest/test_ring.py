import threading
from datetime import datetime
from fractions import Fraction

from core.packet import Packet
from ingest.parameters import StreamParameters
from ingest.ring import Following, Ring
from tests.support.builders import CAMERA, after

PARAMETERS = StreamParameters(1, "h264", 320, 240, Fraction(1, 90_000), b"")


def a_packet(second: float, *, is_key: bool = False, size: int = 1000, connection: int = 1) -> Packet:
    stamp = round(second * 90_000)
    return Packet(CAMERA, connection, after(second), stamp, None, Fraction(1, 90_000), is_key, bytes(size))


def a_ring(limit_bytes: int = 8_000_000) -> Ring:
    ring = Ring(limit_bytes)
    ring.begin(PARAMETERS)
    return ring


def fill(ring: Ring, seconds: int, *, gop: int = 2, size: int = 1000, start: int = 0) -> None:
    """Five packets a second, a key frame each `gop` seconds."""
    for n in range(start * 5, (start + seconds) * 5):
        ring.put(a_packet(n / 5, is_key=n % (gop * 5) == 0, size=size))


def held(ring: Ring, since: datetime) -> list[Packet]:
    with ring.follow(since) as following:
        return drain(following)


def drain(following: Following) -> list[Packet]:
    packets = []
    while packet := following.next(0):
        packets.append(packet)
    return packets


def test_following_begins_with_the_key_frame_at_or_before_the_time_asked_for() -> None:
    ring = a_ring()
    fill(ring, 10)
    packets = held(ring, after(5))
    assert packets[0].at == after(4)
    assert packets[0].is_key
    assert packets[-1].at == after(9.8)
    assert held(ring, after(4))[0].at == after(4)


def test_following_begins_with_the_oldest_where_all_are_newer() -> None:
    ring = a_ring()
    fill(ring, 4)
    assert held(ring, after(-100))[0].at == after(0)


def test_the_ring_holds_about_fifteen_seconds() -> None:
    ring = a_ring()
    fill(ring, 60)
    assert after(42) <= held(ring, after(0))[0].at <= after(45)


def test_two_groups_are_held_however_long_they_are() -> None:
    ring = a_ring()
    fill(ring, 110, gop=50)
    assert held(ring, after(0))[0].at == after(50)


def test_bytes_are_bounded_and_the_oldest_groups_go_first() -> None:
    ring = a_ring(limit_bytes=30_000)
    fill(ring, 11)
    assert ring.bytes <= 30_000
    packets = held(ring, after(0))
    assert packets[0].is_key
    assert packets[0].at == after(6)
    assert sum(len(packet.data) for packet in packets) == ring.bytes


def test_a_group_that_is_too_large_alone_is_dropped_until_the_next_key_frame() -> None:
    ring = a_ring(limit_bytes=30_000)
    fill(ring, 8, gop=8)
    assert ring.bytes < 30_000
    assert not held(ring, after(0)) or held(ring, after(0))[0].is_key
    fill(ring, 1, gop=8, start=8)
    assert held(ring, after(0))[0].at == after(8)


def test_packets_before_the_first_key_frame_are_not_kept() -> None:
    ring = a_ring()
    ring.put(a_packet(0))
    assert ring.bytes == 0


def test_live_packets_follow_the_held_ones_in_order() -> None:
    ring = a_ring()
    fill(ring, 2)
    with ring.follow(after(0)) as following:
        fill(ring, 2, start=2)
        ats = [packet.at for packet in drain(following)]
    assert ats == [after(n / 5) for n in range(20)]


def test_following_an_empty_ring_begins_with_the_next_key_frame() -> None:
    ring = a_ring()
    with ring.follow(after(0)) as following:
        ring.put(a_packet(0))
        ring.put(a_packet(1, is_key=True))
        assert [packet.at for packet in drain(following)] == [after(1)]
        assert following.lost == 0
        assert following.parameters == PARAMETERS


def test_a_slow_follower_loses_packets_counted_and_goes_on_at_a_key_frame() -> None:
    ring = a_ring()
    with ring.follow(after(0)) as following:
        fill(ring, 20, size=100_000)
        got = drain(following)
        assert len(got) == 40
        assert following.lost == 60
        fill(ring, 3, start=21, size=100_000)
        fresh = drain(following)
        assert fresh[0].at == after(22)
        assert fresh[0].is_key
        assert following.lost == 65


def test_a_slow_follower_takes_nothing_from_another() -> None:
    ring = a_ring()
    with ring.follow(after(0)) as slow, ring.follow(after(0)) as quick:
        count = 0
        for second in range(20):
            fill(ring, 1, start=second, size=100_000)
            count += len(drain(quick))
        assert count == 100
        assert quick.lost == 0
        assert slow.lost > 0


def test_a_new_connection_ends_followers_and_drops_the_old_packets() -> None:
    ring = a_ring()
    fill(ring, 4)
    with ring.follow(after(0)) as following:
        drain(following)
        before = following.has_ended
        ring.begin(StreamParameters(2, "h264", 320, 240, Fraction(1, 90_000), b""))
        assert (before, following.has_ended) == (False, True)
    assert ring.bytes == 0
    assert held(ring, after(0)) == []


def test_what_was_held_can_be_read_after_the_connection_ended() -> None:
    ring = a_ring()
    fill(ring, 2)
    with ring.follow(after(0)) as following:
        ring.end()
        assert len(drain(following)) == 10
        assert following.has_ended


def test_a_waiting_follower_wakes_when_the_connection_ends() -> None:
    ring = a_ring()
    with ring.follow(after(0)) as following:
        threading.Timer(0.05, ring.end).start()
        assert following.next(timeout_s=30) is None
        assert following.has_ended
