"""What a decoder or a muxer must know about a stream before its first packet."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class StreamParameters:
    """How the packets of one connection are encoded."""

    connection: int
    codec: str
    """FFmpeg's name: h264, hevc, mpeg4 ..."""
    width: int
    """Pixels, as far as they were known when the connection began; `height` likewise."""
    height: int
    time_base: Fraction
    headers: bytes
    """What precedes the first key frame: for H.264 and H.265 the parameter sets in Annex B form, for MPEG-4 its VOL."""
    reorder: int = 0
    """How many packets a picture may come before the one that is shown before it (B-frames)."""


def sequence_headers(codec: str, packet: bytes) -> bytes:
    """The sequence parameter sets (SPS) in an Annex B packet of H.264 or H.265: a change of them is a new stream."""
    match codec:
        case "h264":
            return b"".join(unit for unit in _nal_units(packet) if unit[0] & 0x1F == 7)
        case "hevc":
            return b"".join(unit for unit in _nal_units(packet) if unit[0] >> 1 & 0x3F == 33)
        case _:
            return b""


def parameter_sets(codec: str, packet: bytes) -> bytes:
    """All parameter sets in an Annex B packet (VPS, SPS, PPS), in Annex B form; empty where it has none."""
    match codec:
        case "h264":
            units = [unit for unit in _nal_units(packet) if unit[0] & 0x1F in (7, 8)]
        case "hevc":
            units = [unit for unit in _nal_units(packet) if unit[0] >> 1 & 0x3F in (32, 33, 34)]
        case _:
            units = []
    return b"".join(b"\0\0\0\1" + unit for unit in units)


_MOST_LEADING_UNITS = 16
"""Parameter sets lead their packet; what follows is the picture, which need not be searched."""


def _nal_units(data: bytes) -> Iterator[bytes]:
    """The units that lead an Annex B packet, without start codes, until the first picture slice."""
    start = data.find(b"\0\0\1")
    for _ in range(_MOST_LEADING_UNITS):
        if start < 0:
            return
        following = data.find(b"\0\0\1", start + 3)
        unit = data[start + 3 : following if following >= 0 else len(data)].rstrip(b"\0")
        if unit:
            yield unit
        start = following
