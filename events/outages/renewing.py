"""Brings the event of an outage up to its members."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from core.event import EndReason, Event
from core.ids import CameraId, EventId
from registry.db import is_sqlite

from ..index import changes
from ..index.tables import event, event_detail, outage
from .members import Key, Member

_END_OUTAGE: Final = update(outage).where(outage.c.event == bindparam("of")).values(ended_at=bindparam("over_at"))
_RENEW_EVENT: Final = (
    update(event)
    .where(event.c.id == bindparam("of"))
    .values(
        version=bindparam("new_version"),
        last_seen_at=bindparam("seen_at"),
        ended_at=bindparam("over_at"),
        end_reason=bindparam("new_reason"),
    )
)


def renew(
    connection: Connection,
    touched: Mapping[EventId, Event | None],
    members: Mapping[EventId, Mapping[Key, Member]],
) -> list[tuple[EventId, Event]]:
    """Bring the events of the `touched` outages up to their `members`.

    Those that begin now, which `touched` has the first event of, are answered instead: they are still to be written.
    """
    rows = {number: sum_of(number, members[number]) for number in touched}
    if rows:
        connection.execute(_END_OUTAGE, [{"of": row["of"], "over_at": row["over_at"]} for row in rows.values()])
    _rewrite(connection, [row for number, row in rows.items() if touched[number] is None])
    return [(number, _event_of(first, rows[number])) for number, first in touched.items() if first is not None]


def _event_of(first: Event, row: Mapping[str, Any]) -> Event:
    return replace(
        first,
        version=row["new_version"],
        last_seen_at=row["seen_at"],
        ended_at=row["over_at"],
        end_reason=None if row["new_reason"] is None else EndReason(row["new_reason"]),
        count=row["lost"],
    )


def _rewrite(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    connection.execute(_RENEW_EVENT, rows)
    counts = [{"event": row["of"], "count": row["lost"]} for row in rows if row["lost"] is not None]
    if counts:
        dialect = sqlite if is_sqlite(connection) else postgresql
        statement = dialect.insert(event_detail)
        renewed = {"count": statement.excluded["count"]}
        connection.execute(statement.on_conflict_do_update(index_elements=[event_detail.c.event], set_=renewed), counts)
    changes.append_all(connection, [(row["of"], row["new_version"]) for row in rows])


def sum_of(number: EventId, members: Mapping[Key, Member]) -> dict[str, Any]:
    """What the members make of the outage's event."""
    all_ended = all(one.ended_at is not None for one in members.values())
    last = max(members.values(), key=lambda one: one.ended_at or one.last_seen_at)
    lost = _most_at_once(members)
    return {
        "of": number,
        "new_version": sum(one.version + one.interruptions for one in members.values()),
        "seen_at": last.ended_at or last.last_seen_at,
        "over_at": last.ended_at if all_ended else None,
        "new_reason": last.end_reason.value if all_ended and last.end_reason else None,
        "lost": lost if lost > 1 else None,
    }


def _most_at_once(members: Mapping[Key, Member]) -> int:
    """Of how many cameras the stream was lost at once at the most."""
    turns: list[tuple[datetime, int, CameraId]] = []
    for (camera, _), one in members.items():
        if one.ended_at is None:
            turns.append((one.lost_at, 1, camera))
        elif one.ended_at > one.lost_at:
            turns += [(one.lost_at, 1, camera), (one.ended_at, -1, camera)]
    lost: dict[CameraId, int] = {}
    most = 0
    for _, step, camera in sorted(turns):
        lost[camera] = lost.get(camera, 0) + step
        if lost[camera] == 0:
            del lost[camera]
        most = max(most, len(lost))
    return most
