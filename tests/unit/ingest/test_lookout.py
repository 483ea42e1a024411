"""Which packets are decoded, and which pictures are handed out: over real clips, by the packets' own times."""

import tracemalloc
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest

from core.attention import Attention, IdleDecoding, Sensitivity
from ingest.lookout import Watching
from tests.support.builders import after
from tests.support.footage import make_clip, make_visit
from tests.support.watching import AvPacket, Watched

FPS = 25
DUE_FPS = 5.0
GATED = Watching(DUE_FPS, Attention())
UNGATED = Watching(DUE_FPS)
KINDS: dict[str, dict[str, Any]] = {
    "plain.mp4": {},
    "b-frames.mp4": {"b_frames": 2},
    "b-frames.ts": {"b_frames": 2},
    "h265.mp4": {"codec": "libx265", "b_frames": 2},
    "mpeg4.avi": {"codec": "mpeg4"},
    "mpeg4-b.avi": {"codec": "mpeg4", "b_frames": 2},
}


def is_accounted_for(watched: Watched) -> bool:
    return watched.decoder.pictures == watched.handed_out + watched.passed_over


def sleeps(watched: Watched) -> bool:
    return watched.lookout.decoding.is_asleep


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_gate_every_picture_that_is_due_is_handed_out_in_its_moment(tmp_path: Path, kind: str) -> None:
    watched = Watched(make_clip(tmp_path / kind, frames=100, **KINDS[kind]), UNGATED).run()
    steps = [b - a for a, b in pairwise(watched.seconds)]
    assert steps == pytest.approx([0.2] * 19, abs=0.001)
    assert watched.decoder.pictures == 100
    assert is_accounted_for(watched)
    assert all(frame.motion is None for frame in watched.frames)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_pace_every_picture_is_handed_out(tmp_path: Path, kind: str) -> None:
    watched = Watched(make_clip(tmp_path / kind, frames=60, **KINDS[kind]), Watching()).run()
    steps = [b - a for a, b in pairwise(watched.seconds)]
    # What is to be shown before pictures that come before it is only known when it has come.
    assert steps[3:] == pytest.approx([1 / FPS] * 56, abs=0.002)
    assert min(steps) >= 0
    assert watched.passed_over == 0
    assert watched.lookout.next_at is None


def test_while_nothing_moves_key_frames_alone_are_decoded(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "still.mp4", comes_s=99, length_s=20)).run(until_s=8)
    decoded, handed_out = watched.decoder.pictures, watched.handed_out
    watched.run(until_s=18)
    assert sleeps(watched)
    assert watched.decoder.pictures - decoded == 10
    assert watched.handed_out - handed_out == 10
    assert all(frame.is_key and frame.motion and not frame.motion.is_there for frame in watched.frames[-10:])
    assert is_accounted_for(watched)


@pytest.mark.parametrize("kind", KINDS)
def test_who_wakes_up_looks_at_all_since_the_key_frame_before(tmp_path: Path, kind: str) -> None:
    watched = Watched(make_visit(tmp_path / kind, **KINDS[kind])).run(until_s=8.3)
    assert sleeps(watched)
    before = watched.handed_out
    watched.run()
    seconds = watched.seconds[before:]
    key_before = watched.seconds[before - 1]
    assert 7.5 <= key_before <= 8.2
    assert seconds[0] == pytest.approx(key_before + 0.04, abs=0.002)
    steps = [b - a for a, b in pairwise(seconds) if b < 12]
    assert steps == pytest.approx([0.2] * len(steps), abs=0.09), "each once, in order"
    assert is_accounted_for(watched)
    during = [frame for frame, second in zip(watched.frames[before:], seconds, strict=True) if 8.6 < second < 9.9]
    assert len(during) >= 6
    assert all(frame.motion is None or frame.motion.is_there for frame in during)


def test_pictures_of_the_past_wait_for_their_turn_and_those_of_now_do_not(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "visit.mp4")).run(until_s=8.3)
    before = watched.handed_out
    watched.run(until_s=9.0)
    caught_up = watched.handed_out - before
    assert caught_up >= 4
    assert watched.waits[before:] == [True] * caught_up
    watched.run(until_s=11)
    assert not any(watched.waits[before + caught_up :])


def test_a_long_group_is_not_slept_through(tmp_path: Path) -> None:
    clip = make_visit(tmp_path / "long.mp4", comes_s=16.4, goes_s=16.9, length_s=20, gop=5 * FPS)
    watched = Watched(clip)
    watched.run(until_s=15.5)
    assert not sleeps(watched)
    watched.run()
    assert watched.decoder.pictures == 20 * FPS
    moving = [
        second
        for frame, second in zip(watched.frames, watched.seconds, strict=True)
        if frame.motion is not None and frame.motion.is_there and second > 1
    ]
    assert moving[0] == pytest.approx(16.4, abs=0.25)
    assert is_accounted_for(watched)


def test_a_long_group_is_slept_through_where_the_camera_may_go_unseen_for_so_long(tmp_path: Path) -> None:
    clip = make_visit(tmp_path / "long.mp4", comes_s=31.4, goes_s=35.4, length_s=38, gop=5 * FPS, width=320)
    watched = Watched(clip, Watching(DUE_FPS, Attention(idle_look_s=5))).run(until_s=31)
    assert sleeps(watched)
    before = watched.handed_out
    watched.run()
    assert watched.seconds[before] == pytest.approx(30.04, abs=0.1)
    assert is_accounted_for(watched)


def test_groups_that_become_long_wake_it_up(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99, length_s=14))

    def no_key_after_nine(packet: AvPacket) -> AvPacket:
        assert packet.pts is not None
        packet.is_keyframe = packet.is_keyframe and packet.pts * packet.time_base < 9
        return packet

    watched.run(until_s=8.5, change=no_key_after_nine)
    assert sleeps(watched)
    watched.run(until_s=9.5, change=no_key_after_nine)
    assert not sleeps(watched)


def test_it_wakes_up_when_it_is_asked_to_attend(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99)).run(until_s=8.5)
    assert sleeps(watched)
    before = watched.handed_out
    watched.lookout.decoding.attend(after(10.5))
    watched.run(until_s=10.4)
    assert watched.seconds[before] == pytest.approx(8.04, abs=0.05), "from the newest key frame on"
    steps = [b - a for a, b in pairwise(watched.seconds[before:])]
    assert steps == pytest.approx([0.2] * len(steps), abs=0.09)
    watched.run(until_s=13)
    assert sleeps(watched)
    assert is_accounted_for(watched)


def test_with_idle_decoding_all_each_picture_is_decoded(tmp_path: Path) -> None:
    watching = Watching(DUE_FPS, Attention(idle=IdleDecoding.ALL))
    watched = Watched(make_visit(tmp_path / "clip.mp4"), watching).run()
    assert watched.decoder.pictures == 14 * FPS
    steps = [b - a for a, b in pairwise(watched.seconds)]
    assert steps == pytest.approx([0.2] * 69, abs=0.001)
    assert is_accounted_for(watched)


def test_while_nothing_moves_packets_wait_no_longer_than_nobody_may_look(tmp_path: Path) -> None:
    watching = Watching(DUE_FPS, Attention(idle=IdleDecoding.ALL, idle_look_s=1.0))
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99), watching)
    longest = 0.0
    for tenth in range(50, 120):
        watched.run(until_s=tenth / 10)
        longest = max(longest, tenth / 10 - watched.seconds[-1])
    assert 0.9 <= longest <= 1.3


def test_of_a_stream_of_key_frames_no_more_are_looked_at_than_need_be(tmp_path: Path) -> None:
    clip = make_visit(
        tmp_path / "intra.avi", codec="mjpeg", pixel_format="yuvj420p", options={"qmin": "2", "qmax": "3"}
    )
    watched = Watched(clip).run(until_s=5)
    assert sleeps(watched)
    before, decoded = watched.handed_out, watched.decoder.pictures
    watched.run(until_s=8.3)
    assert watched.decoder.pictures - decoded <= 5
    before = watched.handed_out
    watched.run()
    seconds = watched.seconds[before:]
    assert seconds[0] <= 8.3
    steps = [b - a for a, b in pairwise(seconds) if b < 12]
    assert steps == pytest.approx([0.2] * len(steps), abs=0.09)
    assert is_accounted_for(watched)


def damaged(packet: AvPacket) -> AvPacket:
    copy = cast("AvPacket", av.Packet(b"\xff" * packet.size))
    copy.pts, copy.dts, copy.time_base, copy.is_keyframe = packet.pts, packet.dts, packet.time_base, packet.is_keyframe
    return copy


def test_a_damaged_packet_costs_the_rest_of_its_group_alone(tmp_path: Path) -> None:
    watched = Watched(make_clip(tmp_path / "clip.mp4", frames=100, gop=FPS), UNGATED)
    watched.run(change=lambda packet: damaged(packet) if watched.packets == 30 else packet)
    assert watched.decoder.pictures == 80
    assert watched.decoder.broken == 20
    missing = [second for second in watched.seconds if 1.2 <= second < 2]
    assert not missing
    assert [s for s in watched.seconds if s >= 2] == pytest.approx([2.0 + 0.2 * n for n in range(10)], abs=0.001)
    assert is_accounted_for(watched)


def test_a_damaged_key_frame_does_not_end_the_sleep(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "clip.mp4")).run(until_s=6.5)
    assert sleeps(watched)
    watched.run(until_s=7.5, change=lambda packet: damaged(packet) if packet.is_keyframe else packet)
    assert sleeps(watched)
    assert watched.decoder.broken == 1
    before = watched.handed_out
    watched.run()
    assert watched.decoder.broken_in_a_row == 0
    assert watched.seconds[before] == pytest.approx(8.0, abs=0.1)
    assert any(9 < second < 10 for second in watched.seconds)
    assert is_accounted_for(watched)


def test_packets_dropped_on_the_way_leave_everything_accounted_for(tmp_path: Path) -> None:
    chance = np.random.default_rng(2)
    watched = Watched(make_visit(tmp_path / "clip.mp4", b_frames=2))
    watched.run(change=lambda packet: None if chance.random() < 0.05 else packet)
    assert is_accounted_for(watched)
    assert watched.seconds == sorted(set(watched.seconds))


def test_a_clock_that_is_set_back_keeps_nothing_waiting(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99, length_s=18)).run(until_s=8.5)
    assert sleeps(watched)
    watched.late_s = -3600
    before = watched.handed_out
    watched.run(until_s=10.5)
    assert watched.handed_out - before >= 5, "it is watched closely for a while"
    assert not sleeps(watched)
    watched.run(until_s=16.5)
    assert sleeps(watched)


def test_a_lookout_without_a_gate_never_sleeps(tmp_path: Path) -> None:
    watching = Watching(DUE_FPS, Attention(sensitivity=Sensitivity.OFF, idle=IdleDecoding.AUTO))
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99), watching).run()
    assert watched.decoder.pictures == 14 * FPS
    assert watched.handed_out == 70


def test_what_waits_to_be_decoded_is_bounded(tmp_path: Path) -> None:
    watching = Watching(DUE_FPS, Attention(idle=IdleDecoding.ALL, idle_look_s=60))
    watched = Watched(make_visit(tmp_path / "clip.mp4", comes_s=99, length_s=40, gop=250), watching)
    most = 0
    for tenth in range(40, 390):
        watched.run(until_s=tenth / 10)
        most = max(most, watched.packets - watched.decoder.pictures)
    assert 200 < most <= 256


def test_the_ring_has_every_packet_also_of_what_was_slept_through(tmp_path: Path) -> None:
    watched = Watched(make_visit(tmp_path / "clip.mp4")).run(until_s=8.5)
    assert len(watched.ring.back_to_key(99)) == watched.packets


def test_memory_stays_flat_over_many_wake_ups(tmp_path: Path) -> None:
    clip = make_visit(tmp_path / "visit.mp4", comes_s=6.4, goes_s=7.4, length_s=10, b_frames=2)
    watched = Watched(clip, keep=False)
    packets = [
        (bytes(packet), packet.pts or 0, packet.dts or 0, packet.is_keyframe) for packet in watched.source.packets()
    ]
    held = []
    wake_ups = 0
    tracemalloc.start()
    try:
        for turn in range(9):
            for data, pts, dts, is_key in packets:
                packet = cast("AvPacket", av.Packet(data))
                packet.time_base, packet.is_keyframe = watched.source.parameters.time_base, is_key
                packet.pts, packet.dts = pts + turn * 128_000, dts + turn * 128_000
                slept = sleeps(watched)
                watched.take(packet, float(packet.dts * packet.time_base))
                wake_ups += slept and not sleeps(watched)
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert wake_ups == 9
    assert max(held[4:]) - min(held[3:]) < 100_000
    assert is_accounted_for(watched)
