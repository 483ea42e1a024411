from pathlib import Path
from typing import TypeAlias, cast

import av
import pytest
from av.video.stream import VideoStream

from ingest.decoder import Decoder
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

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(make_clip(path, frames=30, gop=10)))
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
