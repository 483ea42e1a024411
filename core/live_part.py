"""What a live view is made of, on its way from the worker to whoever looks."""

from dataclasses import dataclass
from enum import IntEnum


class LiveKind(IntEnum):
    """What a part is."""

    STILL_HERE = 0
    """Nothing new, and nothing broken either; it has no bytes."""
    PICTURE = 1
    """A masked JPEG."""
    BEGIN = 2
    """JSON of what follows: `codecs` (RFC 6381), `width`, `height` (pixels), `at` (the moment of media time 0, UTC). It
    may come again: then another MP4 begins."""
    FRAGMENT = 3
    """A piece of a fragmented MP4: the first after `BEGIN` has its header."""
    END = 4
    """Why nothing more comes, in words, UTF-8."""


@dataclass(frozen=True, slots=True)
class LivePart:
    """One part of a live view."""

    kind: LiveKind
    data: bytes = b""
