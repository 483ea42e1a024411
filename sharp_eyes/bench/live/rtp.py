"""H.264 as RTP in the connection of RTSP (RFC 6184, RFC 2326 10.12), and how SDP tells of it."""

import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from typing import Final

_TYPE: Final = 96
_MOST_BYTES: Final = 1_400
_CLOCK_HZ: Final = 90_000
_START = re.compile(b"\x00\x00\x00?\x01")
_SPS, _PPS = 7, 8
_FRAGMENT: Final = 28


def units(data: bytes) -> list[bytes]:
    """The NAL units of an Annex B picture, without their start codes."""
    return [unit.rstrip(b"\x00") for unit in _START.split(data) if unit]


def description(key_frame: bytes) -> bytes:
    """The SDP of a stream whose key frames are like `key_frame` (Annex B, with its parameter sets)."""
    sets = [unit for unit in units(key_frame) if unit[0] & 31 in (_SPS, _PPS)]
    told = ",".join(b64encode(unit).decode() for unit in sets)
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=clock",
        "t=0 0",
        f"m=video 0 RTP/AVP {_TYPE}",
        "c=IN IP4 0.0.0.0",
        f"a=rtpmap:{_TYPE} H264/{_CLOCK_HZ}",
        f"a=fmtp:{_TYPE} packetization-mode=1;profile-level-id={sets[0][1:4].hex()};sprop-parameter-sets={told}",
        "a=control:trackID=0",
        "",
    )
    return "\r\n".join(lines).encode()


class Packets:
    """Makes the packets of one client's connection."""

    def __init__(self) -> None:
        self._sequence = 0

    def of(self, data: bytes, at_s: float) -> bytes:
        """The packets of one picture (Annex B) that is shown at `at_s`, each in the frame of RTSP's connection."""
        payloads = [payload for unit in units(data) for payload in _payloads(unit)]
        made = bytearray()
        for index, payload in enumerate(payloads):
            marker = 0x80 if index == len(payloads) - 1 else 0
            stamp = int(at_s * _CLOCK_HZ) & 0xFFFFFFFF
            header = struct.pack("!BBHII", 0x80, marker | _TYPE, self._sequence, stamp, 1)
            self._sequence = (self._sequence + 1) & 0xFFFF
            made += struct.pack("!cBH", b"$", 0, len(header) + len(payload)) + header + payload
        return bytes(made)


def _payloads(unit: bytes) -> Iterator[bytes]:
    if len(unit) <= _MOST_BYTES:
        yield unit
        return
    indicator, kind = unit[0] & 0xE0 | _FRAGMENT, unit[0] & 31
    for start in range(1, len(unit), _MOST_BYTES):
        piece = unit[start : start + _MOST_BYTES]
        first = 0x80 if start == 1 else 0
        last = 0x40 if start + _MOST_BYTES >= len(unit) else 0
        yield bytes((indicator, first | last | kind)) + piece
