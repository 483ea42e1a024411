"""How blobs of events are named."""

from typing import assert_never

from core.ids import EventId, event_camera, event_time

from .table import MediaKind


def blob_key(event: EventId, epoch: int, kind: MediaKind) -> str:
    """`YYYY/MM/DD/camera/event-epoch-kind.ext`, by the day (UTC) on which the event started.

    The epoch keeps two workers that both think a camera theirs from writing over each other: the media row decides.
    """
    day = event_time(event).strftime("%Y/%m/%d")
    return f"{day}/{event_camera(event)}/{event}-{epoch}-{kind.value}{_extension(kind)}"


def masked_clip_key(original: str, areas_mark: str = "") -> str:
    """The key of the masked clip that is made from the original of this key.

    Where its camera has privacy areas, the key ends in their mark (`blackout.areas_mark`): a clip that was made with
    others is another clip.
    """
    ending = f"{MediaKind.ORIGINAL.value}{_extension(MediaKind.ORIGINAL)}"
    return original.removesuffix(ending) + _masked_clip_ending(areas_mark)


def shows_areas(masked_clip: str, areas_mark: str) -> bool:
    """Whether the masked clip of this key was made with just the privacy areas of that mark."""
    return masked_clip.endswith(f"-{_masked_clip_ending(areas_mark)}")


def _masked_clip_ending(areas_mark: str) -> str:
    mark = f"-{areas_mark}" if areas_mark else ""
    return f"{MediaKind.MASKED_CLIP.value}{mark}{_extension(MediaKind.MASKED_CLIP)}"


def _extension(kind: MediaKind) -> str:
    match kind:
        case MediaKind.SNAPSHOT:
            return ".jpg"
        case MediaKind.ORIGINAL:
            return ".mp4.sealed"
        case MediaKind.MASKED_CLIP:
            return ".mp4"
        case other:
            assert_never(other)
