"""Fragments: packets as pieces of an MP4 that a player can begin to play at once, not encoded again."""

import json
from datetime import timedelta
from types import TracebackType
from typing import Self

import av

from core.clock import rfc3339
from core.live_part import LiveKind, LivePart
from core.packet import Packet

from .clip_times import ClipTimes
from .codec_names import codec_name
from .parameters import StreamParameters, parameter_sets

_OPTIONS = {
    # A fragment a picture: a longer one would only be whole when its last picture has come.
    "movflags": "empty_moov+default_base_moof+frag_every_frame",
    "flush_packets": "1",
}


class Fragmenter:
    """Makes fragments of the packets of one connection, beginning with a key frame. For one thread.

    A fragment is whole when the next packet has come, so it is late by one picture. Raises `Unavailable` where the
    codec cannot be shown live.
    """

    def __init__(self, first: Packet, parameters: StreamParameters) -> None:
        own = parameter_sets(parameters.codec, first.data)
        headers = own or parameters.headers
        self._codecs = codec_name(parameters.codec, headers)
        self._headers = b"" if own else headers
        self._parameters = parameters
        self._times = ClipTimes(parameters.time_base, parameters.reorder)
        self._sink = _Sink()
        self._container = av.open(self._sink, "w", format="mp4", options=_OPTIONS)
        self._stream = self._container.add_mux_stream(
            parameters.codec, width=parameters.width, height=parameters.height, time_base=parameters.time_base
        )
        self._begun = False

    def put(self, packet: Packet) -> list[LivePart]:
        """The parts that are whole now that `packet` has come, in order."""
        encoded = av.Packet(packet.data if self._begun else self._headers + packet.data)
        encoded.stream = self._stream
        encoded.time_base = self._parameters.time_base
        encoded.pts, encoded.dts = self._times.of(packet)
        encoded.is_keyframe = packet.is_key
        parts = [] if self._begun else [self._begin(packet, encoded.pts)]
        self._begun = True
        self._container.mux(encoded)
        made = self._sink.take()
        return [*parts, LivePart(LiveKind.FRAGMENT, made)] if made else parts

    def _begin(self, first: Packet, pts: int) -> LivePart:
        lead = timedelta(seconds=float(pts * self._parameters.time_base))
        told = {
            "codecs": self._codecs,
            "width": self._parameters.width,
            "height": self._parameters.height,
            "at": rfc3339(first.at - lead),
        }
        return LivePart(LiveKind.BEGIN, json.dumps(told).encode())

    def close(self) -> None:
        """What is not whole yet is not handed out any more."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Sink:
    """Takes what the muxer writes. It cannot be sought in: nothing before has to be changed afterwards."""

    name = "live"

    def __init__(self) -> None:
        self._made = bytearray()

    def write(self, data: bytes) -> int:
        self._made += data
        return len(data)

    def take(self) -> bytes:
        made = bytes(self._made)
        self._made.clear()
        return made
