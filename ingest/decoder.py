"""Packets into pictures, with damaged ones left out."""

from typing import Protocol, cast

import av
import av.error
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from core.packet import Packet


class DecodeMark(Protocol):
    """Told when a camera's bytes enter and leave the decoder, so that a crash inside it has a name.

    Called in the reader's thread, around every packet: it must be quick.
    """

    def begin(self) -> None: ...

    def end(self) -> None: ...


def packet_of(packet: Packet) -> "av.Packet[VideoStream]":
    """A packet that was kept, as a decoder takes it."""
    copy = cast("av.Packet[VideoStream]", av.Packet(packet.data))
    copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
    copy.is_keyframe = packet.is_key
    return copy


class Decoder:
    """Decodes the packets of one connection, from a key frame on. For one thread.

    After a packet that cannot be decoded the following ones are left out until the next key frame: they build on what
    is damaged, and smeared pictures make false detections.
    """

    def __init__(self, context: VideoCodecContext, mark: DecodeMark) -> None:
        self._context = context
        self._mark = mark
        self._waits_for_key = True
        self._damaged = False
        self.broken = 0
        """Packets that could not be decoded, or were left out after such a one."""
        self.broken_in_a_row = 0

    def decode(self, packet: "av.Packet[VideoStream]") -> list[av.VideoFrame]:
        """The whole pictures that came out with `packet`, in the order they are to be shown; none for a broken one."""
        if self._waits_for_key:
            if not packet.is_keyframe:
                self._count_broken(1 if self._damaged else 0)
                return []
            if self._damaged:
                self._context.flush_buffers()
            self._waits_for_key = self._damaged = False
        self._mark.begin()
        try:
            pictures = self._context.decode(packet)
        except av.error.FFmpegError:
            self._break()
            return []
        finally:
            self._mark.end()
        whole = [picture for picture in pictures if not picture.is_corrupt]
        if len(whole) < len(pictures):
            self._break()
        elif whole:
            self.broken_in_a_row = 0
        return whole

    def decode_alone(self, packet: "av.Packet[VideoStream]") -> list[av.VideoFrame]:
        """The picture of a key frame, without those that follow it: the decoder forgets it again. None if broken."""
        self.restart()
        pictures = self.decode(packet)
        if not self._waits_for_key:
            pictures += self.drain()
        if pictures:
            self.broken_in_a_row = 0
        self.restart()
        return pictures

    def restart(self) -> None:
        """Forget what was decoded so far; the next packet to be decoded is a key frame."""
        self._context.flush_buffers()
        self._waits_for_key, self._damaged = True, False

    def drain(self) -> list[av.VideoFrame]:
        """The pictures that the decoder still holds at the end of a stream."""
        self._mark.begin()
        try:
            return [picture for picture in self._context.decode(None) if not picture.is_corrupt]
        except av.error.FFmpegError:
            return []
        finally:
            self._mark.end()

    def _break(self) -> None:
        self._waits_for_key = self._damaged = True
        self._count_broken(1)

    def _count_broken(self, packets: int) -> None:
        self.broken += packets
        self.broken_in_a_row += packets
