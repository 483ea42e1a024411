"""What was counted, as far as somebody may know of it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from core.ids import EVENT_EPOCH, LAST_CAMERA, CameraId, EventId, event_time
from core.line import Direction
from core.rule import RuleId
from registry.camera_spans import spans_within
from registry.reach import Reach
from registry.spans import CameraSpan

from .series import FlowCount, Step, check_steps, series

_A_MINUTE: Final = timedelta(minutes=1)


def series_within(
    connection: Connection,
    reach: Reach,
    rule: RuleId,
    camera: CameraId,
    from_at: datetime,
    to_at: datetime,
    step: Step,
) -> list[FlowCount]:
    """`series` of one camera, of those minutes alone that lie wholly in the time whose events `reach` has. Raises as
    `series` does."""
    check_steps(from_at, to_at, step)
    sums: dict[tuple[datetime, Direction, str], int] = {}
    for span in spans_within(connection, reach, [camera]).spans:
        begin, end = _whole_minutes(span)
        for one in series(connection, rule, [camera], max(from_at, begin), min(to_at, end), step):
            key = one.at, one.direction, one.label
            sums[key] = sums.get(key, 0) + one.count
    return [FlowCount(*key, total) for key, total in sorted(sums.items())]


def _whole_minutes(span: CameraSpan) -> tuple[datetime, datetime]:
    """When the first minute within `span` begins, and the last one ends."""
    begin = event_time(EventId(span.lowest + LAST_CAMERA))  # a millisecond later, unless it begins with one
    end = event_time(EventId(span.highest + 1))
    return begin + (EVENT_EPOCH - begin) % _A_MINUTE, end - (end - EVENT_EPOCH) % _A_MINUTE
