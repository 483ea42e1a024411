"""Pictures that show the time as black and white blocks, coarse enough for any encoding, and how they are read.

Run by the system's Python too, which has no numpy: the first half is plain.
"""

import time
from typing import Any

WIDTH, HEIGHT = 320, 240
COLUMNS, ROWS = 8, 4
"""Blocks: 24 bits of time, the highest first, and 8 of a sum by which a torn picture is found out."""
_BLACK, _WHITE = b"\x10", b"\xeb"


def picture_of_now() -> bytes:
    """An I420 picture of 320x240 that shows the milliseconds of now, modulo 2**24."""
    stamp = int(time.time() * 1000) & 0xFFFFFF
    data = stamp.to_bytes(3, "big")
    across, down = WIDTH // COLUMNS, HEIGHT // ROWS
    luma = b""
    for byte in (*data, sum(data) & 0xFF):
        line = b"".join((_WHITE if byte >> (7 - bit) & 1 else _BLACK) * across for bit in range(COLUMNS))
        luma += line * down
    return luma + b"\x80" * (WIDTH * HEIGHT // 2)


def lag_ms(grey: Any) -> int | None:
    """How long ago the picture was made that `grey` shows, an array (height, width) of any size; None where it cannot
    be read."""
    height, width = grey.shape
    found = []
    for row in range(ROWS):
        byte = 0
        for column in range(COLUMNS):
            middle = grey[
                int((row + 0.35) * height / ROWS) : int((row + 0.65) * height / ROWS) + 1,
                int((column + 0.35) * width / COLUMNS) : int((column + 0.65) * width / COLUMNS) + 1,
            ]
            byte = byte << 1 | int(middle.mean() > 127)
        found.append(byte)
    if sum(found[:3]) & 0xFF != found[3]:
        return None
    stamp = int.from_bytes(bytes(found[:3]), "big")
    lag = (int(time.time() * 1000) - stamp) & 0xFFFFFF
    return lag if lag < 0x800000 else lag - 0x1000000
