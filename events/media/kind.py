"""Which media there are of an event. Apart from the table, since the settings of retention need the words alone."""

from enum import StrEnum


class MediaKind(StrEnum):
    """What shows an event."""

    SNAPSHOT = "snapshot"
    """One picture, masked."""
    ORIGINAL = "original"
    """The camera's own packets around the event, sealed."""
    MASKED_CLIP = "masked_clip"
    """The clip that is played: made from the original, masked."""
