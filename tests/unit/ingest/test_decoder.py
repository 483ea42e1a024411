from pathlib import Path
from typing import TypeAlias, cast

import av
import pytest
from av.video.stream import VideoStream

from core.packet import Packet as Kept
from ingest.decoder import Decoder, packet_of
from tests.support.builders import CAMERA, START
from tests.support.footage import make_clip

Packet: TypeAlias = "av.Packet[VideoStream]"


class CountingMark:
    def __init__(self) -> None:
        self.begun = self.ended = 0

    def begin(self) -> None:
        assert self.begun == self.ended
        self.begun += 1

    def end(self) -> None:
        self.ended += 1


class Stream:
    """The packets of a clip with three groups of 10 pictures, and a decoder for them."""

    def __init__(self, path: Path, b_frames: int = 0) -> None:
        self._container = av.open(str(make_clip(path, frames=30, gop=10, b_frames=b_frames)))
        video = self._container.streams.video[0]
        video.codec_context.thread_count = 1
        self.packets = [packet for packet in self._container.demux(video) if packet.size]
        self.mark = CountingMark()
        self.decoder = Decoder(video.codec_context, self.mark)

    def decode(self, packets: list[Packet]) -> int:
        return sum(len(self.decoder.decode(packet)) for packet in packets) + len(self.decoder.drain())


@pytest.fixture
def stream(tmp_path: Path) -> Stream:
    return Stream(tmp_path / "clip.mp4")


def broken(packet: Packet) -> Packet:
    """`packet` with nothing in it that a decoder knows."""
    copy = cast("Packet", av.Packet(b"\xff" * packet.size))
    copy.is_keyframe = packet.is_keyframe
    copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
    return copy


def test_every_packet_becomes_a_picture(stream: Stream) -> None:
    assert stream.decode(stream.packets) == 30
    assert stream.decoder.broken == 0


def test_decoding_begins_with_a_key_frame(stream: Stream) -> None:
    assert stream.decode(stream.packets[3:]) == 20
    assert stream.decoder.broken == 0


def test_what_follows_a_broken_packet_is_left_out_until_the_next_key_frame(stream: Stream) -> None:
    stream.packets[5] = broken(stream.packets[5])
    assert stream.decode(stream.packets) == 25
    assert stream.decoder.broken == 5
    assert stream.decoder.broken_in_a_row == 0


def test_packets_that_are_broken_all_along_are_counted_in_a_row(stream: Stream) -> None:
    assert stream.decode([broken(packet) for packet in stream.packets]) == 0
    assert stream.decoder.broken == stream.decoder.broken_in_a_row == 30


def test_every_call_into_the_decoder_is_marked(stream: Stream) -> None:
    stream.packets[5] = broken(stream.packets[5])
    stream.decode(stream.packets)
    assert stream.mark.begun == stream.mark.ended == 27


@pytest.fixture(params=[0, 2])
def any_stream(tmp_path: Path, request: pytest.FixtureRequest) -> Stream:
    """Without and with pictures that are sent after those that are shown later."""
    return Stream(tmp_path / "clip.mp4", b_frames=request.param)


def test_a_key_frame_alone_is_a_picture_at_once(any_stream: Stream) -> None:
    for packet in any_stream.packets:
        if packet.is_keyframe:
            (picture,) = any_stream.decoder.decode_alone(packet)
            assert picture.pts == packet.pts
            assert picture.key_frame


def test_after_a_key_frame_alone_decoding_begins_with_a_key_frame(any_stream: Stream) -> None:
    any_stream.decoder.decode_alone(any_stream.packets[0])
    assert any_stream.decode(any_stream.packets[1:]) == 20
    assert any_stream.decoder.broken == 0


def test_a_restarted_decoder_gives_the_same_pictures_again(any_stream: Stream) -> None:
    any_stream.decode(any_stream.packets[:15])
    any_stream.decoder.restart()
    assert any_stream.decode(any_stream.packets) == 30


def test_a_broken_key_frame_alone_is_counted_until_one_is_whole(any_stream: Stream) -> None:
    first, second = (packet for packet in any_stream.packets[:11] if packet.is_keyframe)
    assert any_stream.decoder.decode_alone(broken(first)) == []
    assert (any_stream.decoder.broken, any_stream.decoder.broken_in_a_row) == (1, 1)
    assert len(any_stream.decoder.decode_alone(second)) == 1
    assert (any_stream.decoder.broken, any_stream.decoder.broken_in_a_row) == (1, 0)


def test_a_packet_that_was_kept_decodes_like_the_first_time(any_stream: Stream) -> None:
    kept = [
        Kept(CAMERA, 1, START, packet.pts, packet.dts, packet.time_base, packet.is_keyframe, bytes(packet))
        for packet in any_stream.packets
    ]
    pictures = [picture for packet in kept for picture in any_stream.decoder.decode(packet_of(packet))]
    pictures += any_stream.decoder.drain()
    assert [picture.pts for picture in pictures] == sorted(packet.pts or 0 for packet in any_stream.packets)
