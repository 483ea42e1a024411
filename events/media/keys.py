"""How blobs of events are named."""

import re
from dataclasses import dataclass
from typing import Final, assert_never

from core.ids import LAST_EVENT, EventId, event_camera, event_time

from .table import MediaKind


def blob_key(event: EventId, epoch: int, kind: MediaKind) -> str:
    """`YYYY/MM/DD/camera/event-epoch-kind.ext`, by the day (UTC) on which the event started.

    The epoch keeps two workers that both think a camera theirs from writing over each other: the media row decides.
    """
    day = event_time(event).strftime("%Y/%m/%d")
    return f"{day}/{event_camera(event)}/{event}-{epoch}-{kind.value}{_extension(kind)}"


@dataclass(frozen=True, slots=True)
class BlobName:
    """What a key says of its blob."""

    event: EventId
    epoch: int
    kind: MediaKind
    mark: str = ""
    """Of a masked clip: of the privacy areas that it was made with, if there were some."""

    @property
    def key(self) -> str:
        key, ending = blob_key(self.event, self.epoch, self.kind), _extension(self.kind)
        return f"{key.removesuffix(ending)}-{self.mark}{ending}" if self.mark else key


def name_of(key: str) -> BlobName | None:
    """What the last part of `key` says; None where it is none of ours. Its folders are not looked at."""
    last = last_part(key)
    parts = _NAME.fullmatch(last)
    if parts is None or int(parts[1]) > LAST_EVENT:
        return None
    name = BlobName(EventId(int(parts[1])), int(parts[2]), MediaKind(parts[3]), parts[4] or "")
    return name if last_part(name.key) == last else None


def last_part(key: str) -> str:
    """What a key says without its folders, which follow from it."""
    return key.rpartition("/")[2]


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


_NAME: Final = re.compile(
    rf"([0-9]{{1,19}})-([0-9]{{1,19}})-(?:({'|'.join(kind for kind in MediaKind)}))(?:-([0-9a-f]{{1,64}}))?\.[a-z0-9.]+"
)
