"""What is kept of what happened, each for a time of its own."""

from enum import StrEnum
from typing import Final

from ..media.kind import MediaKind


class Medium(StrEnum):
    """Something that is kept for some days."""

    EVENT = "event"
    """The event itself: what happened, where and when."""
    SNAPSHOT = "snapshot"
    ORIGINAL = "original"
    MASKED_CLIP = "masked_clip"
    TRACK = "track"
    """Where objects were, minute by minute: what rules are tried on."""

    @property
    def media_kind(self) -> MediaKind | None:
        """What it is among the media of an event; None: it is none of them."""
        return _MEDIA.get(self)


_MEDIA: Final = {
    Medium.SNAPSHOT: MediaKind.SNAPSHOT,
    Medium.ORIGINAL: MediaKind.ORIGINAL,
    Medium.MASKED_CLIP: MediaKind.MASKED_CLIP,
}
SHOWN: Final = tuple(_MEDIA)
"""Those that show an event: they lie in the store of blobs."""
