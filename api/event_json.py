"""Events as JSON, in the form that `EventView` describes: a page of them in a fraction of the time that making and
checking the models takes."""

from typing import Any, Final

from pydantic_core import to_json

from core.ids import event_camera
from events.index.event_facts import facts_text
from events.index.stored import MOST_KEPT, Medium, StoredEvent
from events.media.table import MediaKind, MediaState
from events.retention.held import Held
from registry.columns import from_microseconds

_KEPT: Final[dict[int, tuple[StoredEvent, bytes]]] = {}
"""What was written of an event, by its `id` in memory, which no other one has while it stands here. The index hands out
the same object as long as nothing about the event has changed."""
NOTHING_HELD: Final = Held()


def event_json(stored: StoredEvent, held: Held = NOTHING_HELD) -> bytes:
    """The event as `EventView` describes it, where these holds are in force. Any thread."""
    last = b',"held":true}' if _is_held(stored, held) else b',"held":false}'
    return _without_end(stored) + last


def _is_held(stored: StoredEvent, held: Held) -> bool:
    if held.is_nothing:
        return False
    row = stored.row
    last_at = from_microseconds(row.last_seen_at if row.ended_at is None else row.ended_at)
    return held.has(row.id, event_camera(row.id), stored.department, last_at)


def _without_end(stored: StoredEvent) -> bytes:
    """What does not change while the event stays as it is: holds come and go."""
    kept = _KEPT.get(id(stored))
    if kept is not None:
        return kept[1]
    media = to_json(_media(stored)) if stored.media else _NO_MEDIA
    written = b'{%b,"media":%b' % (facts_text(stored).encode(), media)
    if len(_KEPT) >= MOST_KEPT:
        _KEPT.clear()
    _KEPT[id(stored)] = stored, written
    return written


def _media(stored: StoredEvent) -> dict[str, Any]:
    at = f"/api/v1/events/{stored.id}"
    snapshot = stored.medium(MediaKind.SNAPSHOT)
    original, masked = stored.medium(MediaKind.ORIGINAL), stored.medium(MediaKind.MASKED_CLIP)
    # The masked clip is made from the original when it is asked for, so an original that is there is as good, and a
    # masked clip that failed can be asked for again.
    clip = masked if masked is not None and masked.state is not MediaState.PENDING else original
    seconds = next((medium.seconds for medium in (masked, original) if medium and medium.seconds is not None), None)
    return {
        "snapshot": _shown(snapshot, snapshot, f"{at}/snapshot"),
        "clip": {**_shown(clip, original, f"{at}/clip"), "seconds": seconds},
    }


def _shown(medium: Medium | None, source: Medium | None, url: str) -> dict[str, Any]:
    return {
        "state": "none" if medium is None else medium.state.value,
        "reason": None if medium is None else medium.reason,
        "url": url if source is not None and source.state is MediaState.READY else None,
    }


_NONE: Final = {"state": "none", "reason": None, "url": None}
_NO_MEDIA: Final = to_json({"snapshot": _NONE, "clip": {**_NONE, "seconds": None}})
"""What most events of a large city have."""
