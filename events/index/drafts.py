"""Rows of events as they will be written, made before SQLite's writer is held: others wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.box import Box
from core.event import Event
from core.ids import EventId, event_time
from registry.columns import to_microseconds

from .details import Detail, detail_of

SHARE: Final = 10_000
"""Scores and boxes are kept in whole parts of this."""
OWN_COLUMNS: Final = (
    *("id", "epoch", "n", "version", "camera", "severity", "zone", "rule", "track", "score"),
    *("box_left", "box_top", "box_right", "box_bottom", "last_seen_at", "ended_at", "end_reason"),
)
"""Those of `event` that an event itself knows."""
_LARGEST_SMALL: Final = 32_767


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What a version of an event puts on record at its place."""

    event: Event
    values: tuple[int | str | None, ...]
    """Of `OWN_COLUMNS`."""
    detail: Detail | None


class Drafts:
    """Those of a batch of events, each as if it went to its own id and stayed as it is."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._made = {id(one): draft(one.id, one) for one in events}
        """A draft keeps its event, so that no other object can have its address meanwhile."""

    def of(self, place: EventId, one: Event) -> Draft:
        """That of `one` at `place`: made anew where it was moved, or became another version."""
        known = self._made.get(id(one))
        return known if known is not None and place == one.id else draft(place, one)


def draft(place: EventId, one: Event) -> Draft:
    """What `one` puts on record at `place`."""
    return Draft(one, _values(place, one), detail_of(place, one))


def _values(id_: EventId, one: Event) -> tuple[int | str | None, ...]:
    """The columns that the event itself knows. An event that was moved by some milliseconds cannot end before them."""
    started_at = event_time(id_)
    return (
        id_,
        one.origin.epoch,
        one.origin.n,
        one.version,
        one.camera,
        one.severity.value,
        one.zone,
        one.rule,
        one.track,
        None if one.score is None else _small(one.score),
        *_box(one.box),
        to_microseconds(max(one.last_seen_at, started_at)),
        None if one.ended_at is None else to_microseconds(max(one.ended_at, started_at)),
        one.end_reason.value if one.end_reason else None,
    )


def _box(box: Box | None) -> tuple[int | None, ...]:
    if box is None:
        return None, None, None, None
    return _small(box.left), _small(box.top), _small(box.right), _small(box.bottom)


def _small(share: float) -> int:
    return max(-_LARGEST_SMALL, min(round(share * SHARE), _LARGEST_SMALL))
