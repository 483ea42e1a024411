"""How browsers call an encoding: the `codecs` of RFC 6381, from a stream's parameter sets."""

from core.errors import Unavailable

from .parameters import sequence_headers

LIVE_CODECS = ("h264", "hevc")
"""What a browser can be sent as it comes; H.265 is played by some of them."""


def codec_name(codec: str, headers: bytes) -> str:
    """`avc1.64001f`, `hev1.1.6.L93.B0`: by the sequence parameter set in `headers`, which are in Annex B form.

    By ISO/IEC 14496-15, annex E. Raises `Unavailable` for another codec, or where there is no parameter set.
    """
    if codec not in LIVE_CODECS:
        raise Unavailable(f"{codec} cannot be shown live as it comes; expected {', '.join(LIVE_CODECS)}")
    sequence = _without_escapes(sequence_headers(codec, headers))
    if len(sequence) < (4 if codec == "h264" else 15):
        raise Unavailable(f"the {codec} stream has not said how it is encoded")
    if codec == "h264":
        return f"avc1.{sequence[1:4].hex()}"
    # Two bytes of NAL header, one of ids, then profile_tier_level: 1 + 4 + 6 + 1 bytes.
    first, compatible, constraints, level = sequence[3], sequence[4:8], sequence[8:14], sequence[14]
    space = ("", "A", "B", "C")[first >> 6]
    tier = "H" if first & 0x20 else "L"
    flipped = int(f"{int.from_bytes(compatible):032b}"[::-1], 2)
    words = [f"hev1.{space}{first & 0x1F}", f"{flipped:X}", f"{tier}{level}"]
    return ".".join([*words, *(f"{byte:X}" for byte in constraints.rstrip(b"\0"))])


def _without_escapes(unit: bytes) -> bytes:
    """The bytes of a NAL unit without those that keep start codes out of it."""
    return unit.replace(b"\0\0\3", b"\0\0")
