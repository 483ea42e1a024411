"""Outages as somebody sees them who may not know of all their cameras: as if the others had never been lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.ids import EventId, event_camera, event_id, event_time
from core.rule import RuleKind
from registry.columns import to_microseconds
from registry.reach import Reach

from ..index.stored import StoredEvent
from .members import Key, Member, members_of
from .renewing import sum_of


@dataclass(frozen=True, slots=True)
class Loss:
    """A lost stream within an outage."""

    key: Key
    member: Member
    department: DepartmentId
    """Who owned the camera when it was lost: that of the outage."""

    def is_within(self, reach: Reach) -> bool:
        """Whether it would be within `reach` as an event of its own."""
        camera, _ = self.key
        return reach.has_event(event_id(self.member.lost_at, camera), camera, self.department)


Losses = Mapping[EventId, Sequence[Loss]]
"""What each outage is made of."""


def losses_of(connection: Connection, events: Iterable[StoredEvent]) -> Losses:
    """What those of `events` are made of that are outages."""
    owners = {one.id: one.department for one in events if one.kind is RuleKind.STREAM_LOST}
    if not owners:
        return {}
    members = members_of(connection, owners)
    return {
        number: [Loss(key, one, owners[number]) for key, one in within.items()] for number, within in members.items()
    }


def as_seen(one: StoredEvent, losses: Losses, reach: Reach) -> StoredEvent:
    """The event `one`, which is within `reach`, as its losses within `reach` make it."""
    there_are = losses.get(one.id, ())
    seen = [loss for loss in there_are if loss.is_within(reach)]
    if reach.is_all or len(seen) == len(there_are):
        return one
    if not seen:  # its own id was taken, so it stands a moment later than it was lost
        own = [loss for loss in there_are if loss.key[0] == event_camera(one.id)]
        seen = [min(own or there_are, key=lambda loss: loss.member.lost_at)]
    row = sum_of(one.id, {loss.key: loss.member for loss in seen})
    started_at, ended_at = event_time(one.id), row["over_at"]
    return one.with_row(
        one.row._replace(
            version=row["new_version"],
            last_seen_at=to_microseconds(max(row["seen_at"], started_at)),
            ended_at=None if ended_at is None else to_microseconds(max(ended_at, started_at)),
            end_reason=row["new_reason"],
            counted=row["lost"],
        )
    )


def all_as_seen(connection: Connection, events: Sequence[StoredEvent], reach: Reach) -> tuple[StoredEvent, ...]:
    """`events`, which are within `reach`, as `as_seen` shows each."""
    if reach.is_all:
        return tuple(events)
    losses = losses_of(connection, events)
    return tuple(as_seen(one, losses, reach) for one in events)
