"""Clips: the camera's own packets in an MP4, not encoded again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

import av
import av.error
from pydantic import BaseModel, ConfigDict, Field

from core.clock import Clock
from core.errors import Unavailable
from core.packet import Packet

from .clip_times import ClipTimes
from .parameters import StreamParameters, parameter_sets
from .ring import Ring

CLIP_CODECS = ("h264", "hevc", "mpeg4")

_LOOK_S = 0.25
"""How often a recording without packets looks whether it is over."""
_FRAGMENT_US = 2_000_000
_MPEG4_HEADER = b"\0\0\1\xb0"


class ClipSettings(BaseModel):
    """How long and how large a clip may become."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest_s: float = Field(default=60.0, gt=0, le=600)
    limit_bytes: int = Field(default=64_000_000, ge=100_000, le=2_000_000_000)


class ClipEnd(StrEnum):
    """Why a clip ends where it does."""

    WANTED = "wanted"
    """It reached the time it was to end at."""
    LONGEST = "longest"
    LARGEST = "largest"
    CONNECTION_ENDED = "connection_ended"
    """The stream broke off, or its encoding changed: packets of two connections cannot stand in one clip."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What was recorded."""

    started_at: datetime
    """Of its first picture; UTC."""
    seconds: float
    packets: int
    bytes: int
    """Of the packets; the file is a little larger."""
    lost: int
    """Packets that came faster than the sink took them: the clip jumps there to the next key frame."""
    codec: str
    width: int
    height: int
    end: ClipEnd


class ClipRecorder:
    """Records one clip from a ring, whose packets it keeps from the moment it is made.

    The clip begins with the key frame at or before `since` and is a fragmented MP4. Memory stays flat: two seconds of
    packets, and what a slow sink holds up (4 MB, then packets are lost). `stop_at` may be called from any thread.
    Where `record` is never called, `close` must be.
    """

    def __init__(self, ring: Ring, since: datetime, clock: Clock, settings: ClipSettings | None = None) -> None:
        self._clock = clock
        self._settings = settings or ClipSettings()
        self._following = ring.follow(since)
        self._until: datetime | None = None
        self._over_at = clock.monotonic() + self._settings.longest_s
        """Monotonic: no packets are waited for after that, whatever the time of day is set to meanwhile."""

    def stop_at(self, until: datetime) -> None:
        """The clip is to end with the last picture before `until`; the latest call counts."""
        self._until = until

    def close(self) -> None:
        """Keep no packets any more."""
        self._following.close()

    def record(self, sink: BinaryIO) -> Clip:
        """Record until the clip's end, and say what it holds; to be called once, in a thread of the caller's.

        `sink` is only written to and need not be seekable.

        Raises `Unavailable` where no packet came, or none of that time is kept any more, or the codec cannot stand in
        an MP4; and what `sink` raises.
        """
        with self._following:
            first = self._next()
            if first is None:
                raise Unavailable("no clip: the stream brought no packets while the event was going on")
            if self._until is not None and first.at >= self._until:
                raise Unavailable("no clip: the packets of that time were not kept until the event was on record")
            parameters = self._following.parameters
            if parameters is None or parameters.codec not in CLIP_CODECS or not parameters.width:
                found = "an unknown codec" if parameters is None else parameters.codec
                raise Unavailable(f"no clip: {found} cannot be put into an MP4; expected {', '.join(CLIP_CODECS)}")
            return self._write(first, parameters, sink)

    def _write(self, first: Packet, parameters: StreamParameters, sink: BinaryIO) -> Clip:
        times = ClipTimes(parameters.time_base, parameters.reorder)
        packets = size = 0
        end: ClipEnd | None = None
        with _open_mp4(sink) as container:
            stream = container.add_mux_stream(
                parameters.codec, width=parameters.width, height=parameters.height, time_base=parameters.time_base
            )
            packet: Packet | None = first
            while packet is not None and end is None:
                data = packet.data if packets else _with_headers(packet.data, parameters)
                encoded = av.Packet(data)
                encoded.stream = stream
                encoded.time_base = parameters.time_base
                encoded.pts, encoded.dts = times.of(packet)
                encoded.is_keyframe = packet.is_key
                container.mux(encoded)
                packets += 1
                size += len(data)
                packet = self._next()
                end = None if packet is None else self._limit(packet, times.length_s, size)
        return Clip(
            started_at=first.at,
            seconds=times.length_s,
            packets=packets,
            bytes=size,
            lost=self._following.lost,
            codec=parameters.codec,
            width=parameters.width,
            height=parameters.height,
            end=end or self._why_no_more(),
        )

    def _next(self) -> Packet | None:
        """The next packet; None where none is to be waited for any more."""
        while True:
            packet = self._following.next(_LOOK_S)
            if packet is not None:
                return packet
            if self._following.has_ended or self._is_over():
                return None

    def _is_over(self) -> bool:
        wanted = self._until is not None and self._clock.now() >= self._until
        return wanted or self._clock.monotonic() >= self._over_at

    def _limit(self, packet: Packet, seconds: float, size: int) -> ClipEnd | None:
        """Why `packet` does not belong to the clip any more, which has so many seconds and bytes, if it does not."""
        if self._until is not None and packet.at >= self._until:
            return ClipEnd.WANTED
        if seconds >= self._settings.longest_s:
            return ClipEnd.LONGEST
        if size + len(packet.data) > self._settings.limit_bytes:
            return ClipEnd.LARGEST
        return None

    def _why_no_more(self) -> ClipEnd:
        if self._following.has_ended:
            return ClipEnd.CONNECTION_ENDED
        return ClipEnd.WANTED if self._until is not None and self._clock.now() >= self._until else ClipEnd.LONGEST


def _open_mp4(sink: BinaryIO) -> av.container.OutputContainer:
    return av.open(
        _WriteOnly(sink),
        "w",
        format="mp4",
        options={
            # Fragments are written as they come: nothing before them has to be changed afterwards.
            "movflags": "empty_moov+default_base_moof+frag_keyframe",
            "frag_duration": str(_FRAGMENT_US),
        },
    )


def _with_headers(data: bytes, parameters: StreamParameters) -> bytes:
    """The first packet with what a decoder must know first: many cameras say it once, when they are connected to."""
    has_own = _MPEG4_HEADER in data[:64] if parameters.codec == "mpeg4" else parameter_sets(parameters.codec, data)
    return data if has_own else parameters.headers + data


class _WriteOnly:
    """Hides that a sink might be seekable: a sealed one is not."""

    name = "clip"

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        return self._sink.write(data)
