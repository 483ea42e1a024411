"""Columns of whole numbers as few bytes: small ones of either sign take one (zigzag, then LEB128 as in DWARF)."""

from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import BadInput

Integers = npt.NDArray[np.int64]
"""Shape (n,), int64."""

_MOST_BYTES: Final = 10
"""Of one number of 64 bits, seven in each byte."""


def pack(numbers: Integers) -> bytes:
    """`numbers`, one after the other."""
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
    lengths = np.ones(len(zigzag), np.int64)
    for count in range(1, _MOST_BYTES):
        lengths += zigzag >= np.uint64(1 << 7 * count)
    begins = np.cumsum(lengths) - lengths
    packed = np.zeros(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max(initial=0))):
        there = lengths > place
        sevens = (zigzag[there] >> np.uint64(7 * place)) & np.uint64(0x7F)
        packed[begins[there] + place] = sevens.astype(np.uint8) | ((lengths[there] > place + 1) << 7).astype(np.uint8)
    return packed.tobytes()


def unpack(packed: bytes) -> Integers:
    """The numbers that `pack` made `packed` of. Raises `BadInput` for bytes that it cannot have made."""
    read = np.frombuffer(packed, np.uint8)
    ends = np.flatnonzero(read < 0x80) + 1
    if len(read) != (ends[-1] if len(ends) else 0):
        raise BadInput("a column of numbers breaks off in the middle of one")
    begins = np.concatenate((np.zeros(1, np.int64), ends[:-1])) if len(ends) else ends
    lengths = ends - begins
    longest = int(lengths.max(initial=0))
    if longest > _MOST_BYTES:
        raise BadInput(f"a number in a column has {longest} bytes; expected at most {_MOST_BYTES}")
    zigzag = np.zeros(len(ends), np.uint64)
    for place in range(longest):
        there = lengths > place
        sevens = (read[begins[there] + place] & np.uint8(0x7F)).astype(np.uint64)
        zigzag[there] |= sevens << np.uint64(7 * place)
    return (zigzag >> np.uint64(1)).astype(np.int64) ^ -(zigzag & np.uint64(1)).astype(np.int64)
