"""An event's row as the index tells it: numbers as they are kept, so that a page is written without objects made of
them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.ids import CAMERA_BITS, EVENT_EPOCH, EventId
from registry.columns import to_microseconds

_EPOCH_MS = to_microseconds(EVENT_EPOCH) // 1_000


class Row(NamedTuple):
    """Shares are in ten-thousandths, moments in microseconds since 1970; words are numbers of their tables."""

    id: EventId
    epoch: int
    n: int
    version: int
    rule: int
    severity: int
    zone: int | None
    track: int | None
    score: int | None
    box_left: int | None
    box_top: int | None
    box_right: int | None
    box_bottom: int | None
    last_seen_at: int
    ended_at: int | None
    end_reason: str | None
    line: int | None
    direction: int | None
    counted: int | None
    """What an event counts."""
    course: str | None
    """As `courses.course_text` writes it."""
    rule_name: int
    kind: int
    label: int
    department: int
    camera_name: str
    zone_name: str | None
    line_name: str | None
    media: Sequence[list[Any]] | None

    @property
    def started_ms(self) -> int:
        """When it started, in milliseconds since 1970."""
        return (self.id >> CAMERA_BITS) + _EPOCH_MS
