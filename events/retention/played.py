"""Masked clips whose time is over. They are made when somebody plays one, at any time after the event: no mark says
where they begin, and they have an index of their own instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, literal_column, select

from core.camera import DepartmentId
from core.ids import EventId, event_camera
from core.rule import RuleKind

from ..index.tables import event as event_table
from ..index.tables import event_kind
from ..media.table import event_media
from .held import held
from .medium import Medium
from .policy import Policy

_READ_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class PlayedClip:
    """A masked clip that is over its time."""

    event: EventId
    department: DepartmentId
    kind: RuleKind | None
    bytes: int
    is_held: bool


def clips_over(
    connection: Connection, policy: Policy, now: datetime, after: EventId
) -> tuple[Sequence[PlayedClip], EventId | None]:
    """Of the next masked clips of events above `after`, those that are over their time; and up to which event was
    looked, None where there are no more."""
    columns = event_table.c
    facts = columns.id, columns.department, columns.kind, columns.last_seen_at, columns.ended_at, event_media.c.bytes
    # In the words of the index: a parameter would not be known to fit it.
    masked: ColumnElement[bool] = literal_column("event_media.kind = 'masked_clip'")
    statement = (
        select(*facts)
        .select_from(event_media.join(event_table, columns.id == event_media.c.event))
        .where(masked, event_media.c.event > after, event_media.c.doomed_at.is_(None))
        .order_by(event_media.c.event)
        .limit(_READ_AT_ONCE)
    )
    rows = connection.execute(statement).all()
    known, kinds = held(connection), kinds_by_number(connection)
    found: list[PlayedClip] = []
    for row in rows:
        event, department, kind = EventId(row.id), DepartmentId(row.department), kinds.get(row.kind)
        if event < policy.ends_before(department, kind, Medium.MASKED_CLIP, now):
            is_held = known.has(event, event_camera(event), department, row.ended_at or row.last_seen_at)
            found.append(PlayedClip(event, department, kind, row.bytes or 0, is_held))
    return found, EventId(rows[-1].id) if len(rows) == _READ_AT_ONCE else None


def kinds_by_number(connection: Connection) -> dict[int, RuleKind]:
    """The kinds of event that there are, by their numbers in the database."""
    known = {kind.value: kind for kind in RuleKind}
    return {int(row.id): known[row.name] for row in connection.execute(select(event_kind)) if row.name in known}
