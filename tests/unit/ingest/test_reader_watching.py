"""A whole reader that watches with a gate: counters, rests, ring. Its clock stands still but for its own sleeps."""

import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.video.stream import VideoStream

from core.attention import Attention
from core.drop_reason import DropReason
from core.frame import Frame
from core.stream_state import StreamState
from ingest.decoder import Decoder, packet_of
from ingest.lookout import Watching
from ingest.opening import open_file
from ingest.ring import Following
from ingest.settings import ReaderSettings
from ingest.source import source_of
from tests.support.builders import START, FakeClock, after
from tests.support.footage import make_clip, make_visit
from tests.support.reading import NoMark, Reading, reading

GATED = Watching(5.0, Attention())


def read_through(clip: Path, watching: Watching, on_frame: Callable[[Reading, Frame], None] | None = None) -> Reading:
    """A reader that has read `clip` to its end."""
    watched = Reading(f"file://{clip}", clock=FakeClock(), watching=watching)
    watched.on_frame = on_frame
    watched.reader.start()
    watched.wait_for_state(StreamState.FINISHED)
    watched.reader.stop()
    return watched


def joined(first: Path, second: Path, path: Path, *, after_s: int) -> Path:
    """One stream of two, the second of which begins after so many seconds."""
    with av.open(str(path), "w") as both:
        out: VideoStream | None = None
        for clip, later_s in ((first, 0), (second, after_s)):
            with av.open(str(clip)) as container:
                video = container.streams.video[0]
                out = out or both.add_stream_from_template(video)
                for packet in container.demux(video):
                    if packet.pts is not None and packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + later_s * 90_000, packet.dts + later_s * 90_000
                        packet.stream = out
                        both.mux(packet)
    return path


def is_accounted_for(watched: Reading) -> bool:
    counters = watched.reader.status.counters
    return counters.frames == len(watched.frames) + counters.dropped[DropReason.NOT_DUE.value]


@pytest.mark.parametrize("watching", [GATED, Watching(5.0), Watching()], ids=["gated", "paced", "all"])
def test_every_picture_that_was_decoded_is_accounted_for(tmp_path: Path, watching: Watching) -> None:
    watched = read_through(make_visit(tmp_path / "visit.mp4", b_frames=2), watching)
    counters = watched.reader.status.counters
    assert is_accounted_for(watched)
    assert counters.packets == 14 * 25
    assert counters.broken == 0
    assert counters.frames == counters.packets or watching is GATED


def test_while_nothing_moves_few_pictures_are_decoded(tmp_path: Path) -> None:
    watched = read_through(make_visit(tmp_path / "still.mp4", comes_s=99, length_s=30), GATED)
    counters = watched.reader.status.counters
    assert counters.packets == 30 * 25
    assert counters.frames < 6 * 25
    assert is_accounted_for(watched)


def test_frames_come_in_the_moments_they_were_taken_in(tmp_path: Path) -> None:
    watched = read_through(make_visit(tmp_path / "visit.mp4"), GATED)
    seconds = [(frame.at - START).total_seconds() for frame in watched.frames]
    assert all(later > earlier for earlier, later in pairwise(seconds))
    moving = [
        second
        for frame, second in zip(watched.frames, seconds, strict=True)
        if frame.motion is not None and frame.motion.is_there and second > 1
    ]
    assert moving[0] <= 8.4
    assert sum(8.4 <= second < 10 for second in moving) >= 7
    for frame, second in zip(watched.frames, seconds, strict=True):
        assert frame.arrived - 1000 == pytest.approx(second, abs=0.05), "and know when they arrived"


def test_what_was_slept_through_is_in_the_ring_whole(tmp_path: Path) -> None:
    clip = make_visit(tmp_path / "visit.mp4", length_s=12)
    followings: list[Following] = []

    def follow(watched: Reading, frame: Frame) -> None:
        if not followings:
            followings.append(watched.ring.follow(START))

    read_through(clip, GATED, follow)
    packets = []
    while (packet := followings[0].next(0)) is not None:
        packets.append(packet)
    assert len(packets) == 12 * 25
    assert followings[0].lost == 0
    decoder = Decoder(source_of(open_file(clip, ReaderSettings()), 1, ReaderSettings()).decoder, NoMark())
    assert sum(len(decoder.decode(packet_of(packet))) for packet in packets) + len(decoder.drain()) == 12 * 25
    assert decoder.broken == 0


def test_a_change_of_the_picture_size_in_the_midst_is_followed(tmp_path: Path) -> None:
    small = make_visit(tmp_path / "small.ts", comes_s=99, length_s=8)
    large = make_clip(tmp_path / "large.ts", width=640, height=480, frames=100)
    watched = read_through(joined(small, large, tmp_path / "both.ts", after_s=8), GATED)
    sizes = [frame.width for frame in watched.frames]
    assert set(sizes) == {320, 640}
    assert sizes == sorted(sizes)
    assert sizes.count(640) >= 15
    assert is_accounted_for(watched)
    assert watched.reader.status.width == 640


def test_it_looks_closely_for_as_long_as_it_is_asked_to(tmp_path: Path) -> None:
    asked: list[Frame] = []

    def ask(watched: Reading, frame: Frame) -> None:
        if not asked and frame.at >= after(10):
            asked.append(frame)
            watched.reader.attend(after(15))

    watched = read_through(make_visit(tmp_path / "still.mp4", comes_s=99, length_s=20), GATED, ask)
    seconds = [(frame.at - START).total_seconds() for frame in watched.frames]
    assert sum(6 <= second < 10 for second in seconds) <= 5
    assert sum(10 <= second < 15 for second in seconds) >= 24
    assert sum(16.5 <= second < 20 for second in seconds) <= 4


def test_one_that_catches_up_waits_for_those_who_look_but_not_without_end(tmp_path: Path) -> None:
    clock = FakeClock()
    watched = Reading(f"file://{make_visit(tmp_path / 'visit.mp4')}", clock=clock, watching=GATED)
    waited: list[bool] = []

    def look_slowly(watched: Reading, frame: Frame) -> None:
        waited.append(watched.waits[-1])
        if watched.waits[-1]:
            clock.advance(1.0)

    watched.on_frame = look_slowly
    watched.reader.start()
    watched.wait_for_state(StreamState.FINISHED)
    watched.reader.stop()
    assert sum(waited) == 2


def test_a_reader_that_rests_stops_at_once(tmp_path: Path) -> None:
    clip = make_visit(tmp_path / "still.mp4", comes_s=99, length_s=30, gop=5)
    with reading(f"file://{clip}", watching=GATED) as watched:
        watched.wait_for(
            lambda: len(watched.frames) > 1 and watched.frames[-1].at - watched.frames[0].at > timedelta(seconds=5),
            "rest",
        )
        began = time.monotonic()
        watched.reader.stop()
        assert time.monotonic() - began < 1.0
        assert not watched.reader.is_alive
