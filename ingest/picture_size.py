"""The size of a picture file, from its header alone: before any memory is spent on what it claims to hold."""

import struct

from core.errors import BadInput

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG's frame headers: all of this range but the tables and the reserved one (ITU-T T.81, table B.1)."""
_JPEG_BARE = frozenset(range(0xD0, 0xDA)) | {0x01}
"""Markers without a length."""
_JPEG_SCAN = 0xDA
_MOST_JPEG_MARKERS = 10_000
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_TIFF_SHORT, _TIFF_LONG = 3, 4

KINDS = "JPEG, PNG, TIFF, BMP or WebP"


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height that the file's header names.

    Raises `BadInput` where the file is none of these kinds, or was cut off.
    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data[:4] in (b"II*\0", b"MM\0*"):
            return _tiff(data)
        if data.startswith(b"BM"):
            return _bmp(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        raise BadInput("it is cut off within its header") from None
    raise BadInput(f"it is no picture of a kind that is read; expected {KINDS}")


def _jpeg(data: bytes) -> tuple[int, int]:
    at, size = 2, None
    for _ in range(_MOST_JPEG_MARKERS):
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise BadInput("its JPEG header is damaged")
        if marker == 0xFF:
            at += 1
            continue
        if marker in _JPEG_BARE:
            at += 2
            continue
        if marker == _JPEG_SCAN:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = width, height
        at += 2 + length
    else:
        raise BadInput(f"its JPEG header has more than {_MOST_JPEG_MARKERS} parts")
    if size is None:
        raise BadInput("its JPEG header names no size")
    # A JPEG that was cut off would be decoded with a grey rest.
    if data.rfind(b"\xff\xd9") < at:
        raise BadInput("it is cut off: its end is missing")
    return size


def _png(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    if b"IEND" not in data[-64:] and data.rfind(b"IEND") < 0:
        raise BadInput("it is cut off: its end is missing")
    return width, height


def _bmp(data: bytes) -> tuple[int, int]:
    (header_bytes,) = struct.unpack_from("<I", data, 14)
    width, height = struct.unpack_from("<HH" if header_bytes == 12 else "<ii", data, 18)
    return abs(width), abs(height)


def _tiff(data: bytes) -> tuple[int, int]:
    order = "<" if data.startswith(b"II") else ">"
    (directory,) = struct.unpack_from(f"{order}I", data, 4)
    (entries,) = struct.unpack_from(f"{order}H", data, directory)
    sizes: dict[int, int] = {}
    for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
        tag, kind, count = struct.unpack_from(f"{order}HHI", data, entry)
        if tag in (_TIFF_WIDTH, _TIFF_HEIGHT):
            # Whoever decodes it must not take another number for its size than the one that is checked.
            if tag in sizes or kind not in (_TIFF_SHORT, _TIFF_LONG) or count != 1:
                raise BadInput("its TIFF header names its size in a way that is not read")
            (sizes[tag],) = struct.unpack_from(f"{order}{'H' if kind == _TIFF_SHORT else 'I'}", data, entry + 8)
    if len(sizes) < 2:
        raise BadInput("its TIFF header names no size")
    return sizes[_TIFF_WIDTH], sizes[_TIFF_HEIGHT]


def _webp(data: bytes) -> tuple[int, int]:
    (claimed,) = struct.unpack_from("<I", data, 4)
    if claimed + 8 > len(data):
        raise BadInput("it is cut off: its end is missing")
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
    raise BadInput("its WebP header is damaged")
