"""The members of outages: lost streams, as their rule books made them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from core.event import EndReason, Event, Origin
from core.ids import CameraId, EventId
from registry.chunks import MOST_PARAMETERS, in_chunks
from registry.db import is_sqlite

from ..index.tables import outage_member
from ..number_lists import listed

Key = tuple[CameraId, Origin]
_AMONG: Final = {True: "IN (SELECT value FROM json_each(:outages))", False: "= ANY(CAST(:outages AS bigint[]))"}
_MEMBERS: Final = {
    embedded: text(f"SELECT * FROM outage_member WHERE event {among}").columns(*outage_member.columns)  # noqa: S608
    for embedded, among in _AMONG.items()
}


@dataclass(frozen=True, slots=True)
class Member:
    """A lost stream within an outage, in its newest version."""

    version: int
    """Its worker's own."""
    interruptions: int
    lost_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None


def key_of(one: Event) -> Key:
    """What stays of an event, whatever becomes of its id."""
    return one.camera, one.origin


def member_of(one: Event, interruptions: int) -> Member:
    """What `one` tells of a lost stream."""
    return Member(one.version, interruptions, one.started_at, one.last_seen_at, one.ended_at, one.end_reason)


def outages_of(connection: Connection, keys: Collection[Key]) -> dict[Key, EventId]:
    """The outage of each of these events that is within one."""
    columns = outage_member.c.camera, outage_member.c.epoch, outage_member.c.n
    found: dict[Key, EventId] = {}
    for chunk in in_chunks(sorted(keys), MOST_PARAMETERS // 3):
        wanted = [(camera, origin.epoch, origin.n) for camera, origin in chunk]
        statement = select(*columns, outage_member.c.event).where(tuple_(*columns).in_(wanted))
        for row in connection.execute(statement):
            found[CameraId(row.camera), Origin(row.epoch, row.n)] = EventId(row.event)
    return found


def members_of(connection: Connection, outages: Collection[EventId]) -> dict[EventId, dict[Key, Member]]:
    """The members of each of these outages."""
    found: dict[EventId, dict[Key, Member]] = {number: {} for number in outages}
    if not found:
        return found
    embedded = is_sqlite(connection)
    for row in connection.execute(_MEMBERS[embedded], {"outages": listed(found, embedded=embedded)}):
        found[EventId(row.event)][CameraId(row.camera), Origin(row.epoch, row.n)] = Member(
            version=row.version,
            interruptions=row.interruptions,
            lost_at=row.lost_at,
            last_seen_at=row.last_seen_at,
            ended_at=row.ended_at,
            end_reason=None if row.end_reason is None else EndReason(row.end_reason),
        )
    return found


def save(connection: Connection, members: Iterable[tuple[EventId, Key, Member]]) -> None:
    """Keep these members, each in place of an older version of it."""
    rows = [
        {
            "camera": camera,
            "epoch": origin.epoch,
            "n": origin.n,
            "event": number,
            "version": one.version,
            "interruptions": one.interruptions,
            "lost_at": one.lost_at,
            "last_seen_at": one.last_seen_at,
            "ended_at": one.ended_at,
            "end_reason": None if one.end_reason is None else one.end_reason.value,
        }
        for number, (camera, origin), one in members
    ]
    if rows:
        dialect = sqlite if is_sqlite(connection) else postgresql
        statement = dialect.insert(outage_member)
        keys = [column.name for column in outage_member.primary_key.columns]
        renewed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=renewed), rows)
