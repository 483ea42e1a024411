"""What events are looked for, in the index's numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, exists, select

from core.errors import BadInput
from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT, CameraId, EventId
from core.rule import RuleKind, Severity
from registry.camera_spans import spans_within
from registry.chunks import MOST_PARAMETERS
from registry.reach import EVERYTHING, Reach
from registry.spans import CameraSpan
from registry.tables import camera, line, zone

from . import words
from .event_filter import EventFilter
from .tables import event, event_detail, event_kind, label
from .write import SHARE

_MILLISECOND: Final = timedelta(milliseconds=1)
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By so much an event's time may lie outside the time of its owner, at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter in the numbers of the index. Where `cameras` or `labels` is None, any will do."""

    lowest: EventId
    """No id below this one fits."""
    highest: EventId
    """No id above this one fits."""
    cameras: tuple[int, ...] | None
    labels: tuple[int, ...] | None
    others: tuple[ColumnElement[bool], ...]
    """Conditions that no index answers."""
    spans: tuple[CameraSpan, ...] | None = None
    """When `cameras` are within reach, and a moment more; None where any camera will do, or at any time."""


def resolve(connection: Connection, asked: EventFilter, reach: Reach = EVERYTHING) -> Wanted | None:
    """`asked` in numbers; None where nothing can fit: a label never seen, a camera, zone or line that never was or is
    not within `reach`.

    Raises `BadInput` for more than 10,000 cameras, zones, lines or labels.
    """
    named = {"camera": asked.cameras, "zone": asked.zones, "line": asked.lines, "label": asked.labels}
    for field, values in named.items():
        if len(values) > MOST_PARAMETERS:
            raise BadInput(f"a search names at most {MOST_PARAMETERS} of {field}, not {len(values)}", field=field)
    lowest, highest = _id_at(asked.from_at, 0), EventId(_id_at(asked.to_at, LAST_EVENT + 1) - 1)
    if lowest > highest:
        return None
    cameras: set[int] | None = None
    others: list[ColumnElement[bool]] = []
    if asked.cameras:
        cameras = set(connection.scalars(select(camera.c.id).where(camera.c.id.in_(asked.cameras))))
    # A zone or a line is a part of one camera's picture, and cameras have an index.
    if asked.zones:
        of_zones = set(connection.scalars(select(zone.c.camera).where(zone.c.id.in_(asked.zones))))
        cameras = of_zones if cameras is None else cameras & of_zones
        others.append(event.c.zone.in_(asked.zones))
    if asked.lines:
        of_lines = set(connection.scalars(select(line.c.camera).where(line.c.id.in_(asked.lines))))
        cameras = of_lines if cameras is None else cameras & of_lines
        crossed = event_detail.c.event == event.c.id, event_detail.c.line.in_(asked.lines)
        others.append(exists().where(*crossed))
    labels: set[int] | None = None
    if asked.labels:
        labels = set(words.known(connection, label, asked.labels).values())
    if asked.kinds and asked.kinds != frozenset(RuleKind):
        kinds = set(words.known(connection, event_kind, {kind.value for kind in asked.kinds}).values())
        if not kinds:
            return None
        others.append(event.c.kind.in_(kinds))
    spans = None
    if cameras is not None and not reach.is_all:
        spans = tuple(spans_within(connection, reach, {CameraId(one) for one in cameras}, slack=_CLOCKS_DIFFER))
        cameras = {span.camera for span in spans}
    if cameras == set() or labels == set():
        return None
    if asked.severities and asked.severities != frozenset(Severity):
        others.append(event.c.severity.in_({severity.value for severity in asked.severities}))
    if asked.min_score is not None and asked.min_score > 0:
        others.append(event.c.score >= asked.min_score * SHARE - 1e-6)
    return Wanted(lowest, highest, _ordered(cameras), _ordered(labels), tuple(others), spans)


def _ordered(numbers: set[int] | None) -> tuple[int, ...] | None:
    return None if numbers is None else tuple(sorted(numbers))


def _id_at(at: datetime | None, otherwise: int) -> EventId:
    """The lowest id of events that start at `at` or later. Moments outside the time of events count as its ends."""
    if at is None:
        return EventId(otherwise)
    milliseconds = -((EVENT_EPOCH - at) // _MILLISECOND)
    return EventId(min(max(milliseconds, 0) << CAMERA_BITS, LAST_EVENT + 1))
