"""Events as they are read back: with the names of what they refer to, and what there is to see of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, text

from core.box import Box
from core.camera import DepartmentId
from core.event import EndReason, Event, Origin
from core.ids import EventId, event_time
from core.rule import RuleKind, Severity
from registry.chunks import in_chunks
from registry.columns import from_microseconds
from registry.db import is_sqlite

from ..directions import DIRECTIONS
from ..media.table import MediaKind, MediaState
from .courses import course_of
from .drafts import SHARE
from .names import Names, names_of


@dataclass(frozen=True, slots=True)
class Medium:
    """One of the things that show an event."""

    kind: MediaKind
    state: MediaState
    reason: str | None
    """Why it failed, where it did."""
    seconds: float | None
    """How long a clip plays."""
    bytes: int | None
    width: int | None
    height: int | None
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event in its newest version, with names as they are now (its rule's as it was then)."""

    event: Event
    camera_name: str
    department: DepartmentId
    """The owner of the camera when the event started."""
    department_name: str
    zone_name: str | None
    line_name: str | None
    media: tuple[Medium, ...]

    def medium(self, kind: MediaKind) -> Medium | None:
        """What there is of that kind."""
        for medium in self.media:  # no generator: this is asked three times of each event on a page
            if medium.kind is kind:
                return medium
        return None


def _name_of(table: str, number: str = "") -> str:
    """The name of what an event refers to, looked up by itself: PostgreSQL takes 4 ms to choose the order of ten joins,
    four times as long as to find a page's events then."""
    return f"(SELECT name FROM {table} WHERE {table}.id = {number or f'e.{table}'})"  # noqa: S608 - constant text


_COLUMNS: Final = (
    "{array}(e.id, e.epoch, e.n, e.version, e.rule, e.severity, e.zone, e.track, e.score), "
    "{array}(e.box_left, e.box_top, e.box_right, e.box_bottom), {array}(e.last_seen_at, e.ended_at, e.end_reason), "
    "{array}(d.line, d.direction, d.count, d.course), "
    "{array}(e.rule_name, e.kind, e.label, e.department), "
    f"{{array}}({_name_of('camera')}, {_name_of('zone')}, {_name_of('line', 'd.line')}), {{media}}"
)
_NAMED: Final = 4
"""The place of the numbers whose names are kept."""
_MEDIA: Final = "m.kind, m.state, m.reason, {seconds}, m.bytes, m.width, m.height, m.made_at"
_SHOWN: Final = "m.event = e.id AND m.doomed_at IS NULL"
"""What is being removed is not shown any more."""
_DETAIL: Final = "LEFT JOIN event_detail d ON d.event = e.id"


def _sqlite() -> str:
    """All rows in one: Python's driver lets other threads have the interpreter at each row, and under load waits until
    they give it back. A text of several lines, since none of JSON has an end of line within."""
    # What JSON says of a fraction is cut to 15 digits.
    seconds = "CASE WHEN m.seconds IS NOT NULL THEN quote(m.seconds) END"
    media = f"json_group_array(json_array({_MEDIA.format(seconds=seconds)}))"
    media = f"(SELECT {media} FROM event_media m WHERE {_SHOWN})"  # noqa: S608 - constant text
    row = f"json_array({_COLUMNS.format(array='json_array', media=media)})"
    asked = "json_each(:ids) asked CROSS JOIN event e ON e.id = asked.value"
    return f"SELECT group_concat(row, char(10)) FROM (SELECT {row} AS row FROM {asked} {_DETAIL}) found"  # noqa: S608


def _postgresql() -> str:
    media = _MEDIA.format(seconds="CAST(m.seconds AS text)")
    media = f"(SELECT json_agg(json_build_array({media})) FROM event_media m WHERE {_SHOWN})"  # noqa: S608 - constant text
    columns = _COLUMNS.format(array="json_build_array", media=media)
    row = f"CAST(json_build_array({columns}) AS text)"
    asked = "unnest(CAST(:ids AS bigint[])) asked (id) JOIN event e ON e.id = asked.id"
    return f"SELECT {row} FROM {asked} {_DETAIL}"  # noqa: S608 - constant text


_ON_SQLITE: Final = text(_sqlite())
_ON_POSTGRESQL: Final = text(_postgresql())


def read_events(connection: Connection, ids: Sequence[EventId]) -> list[StoredEvent]:
    """The events of these ids that exist, in the order of `ids`."""
    rows = [row for chunk in in_chunks(dict.fromkeys(ids)) for row in _rows(connection, chunk)]
    if not rows:
        return []
    names = names_of(connection)
    try:
        stored = [_stored(row, names) for row in rows]
    except KeyError:
        names.learn(connection, [json.loads(row)[_NAMED] for row in rows])
        stored = [_stored(row, names) for row in rows]
    found = {one.event.id: one for one in stored}
    return [found[one] for one in ids if one in found]


def _rows(connection: Connection, ids: Sequence[EventId]) -> Sequence[str]:
    """The row of each of these events that exist, as a JSON array of `_COLUMNS`."""
    if is_sqlite(connection):
        lines = connection.execute(_ON_SQLITE, {"ids": json.dumps(ids)}).scalar_one()
        return lines.split("\n") if lines else ()
    return connection.execute(_ON_POSTGRESQL, {"ids": list(ids)}).scalars().all()


MOST_KEPT: Final = 2_000
"""Events whose rows are not taken apart again: 4 kB each, 10 kB where an object went a long way."""
_KINDS: Final = {kind.value: kind for kind in RuleKind}
_SEVERITIES: Final = {int(severity): severity for severity in Severity}
_END_REASONS: Final = {reason.value: reason for reason in EndReason}
_MEDIA_KINDS: Final = {kind.value: kind for kind in MediaKind}
_MEDIA_STATES: Final = {state.value: state for state in MediaState}


@lru_cache(maxsize=MOST_KEPT)
def _stored(row: str, names: Names) -> StoredEvent:
    """What a row says. The same few events are on most pages that are asked for. Raises `KeyError` where a name is not
    known."""
    own, (left, top, right, bottom), (last_seen_at, ended_at, end_reason), detail, named, own_names, media = json.loads(
        row
    )
    id_, epoch, n, version, rule, severity, zone, track, score = own
    line, direction, count, course = detail
    rule_name, kind, label, department = named
    camera_name, zone_name, line_name = own_names
    event_id = EventId(id_)
    started_at = event_time(event_id)
    return StoredEvent(
        event=Event(
            id=event_id,
            origin=Origin(epoch, n),
            version=version,
            rule=rule,
            rule_name=names.rule_names[rule_name],
            kind=_KINDS[names.kinds[kind]],
            label=names.labels[label],
            severity=_SEVERITIES[severity],
            zone=zone,
            track=track,
            score=None if score is None else score / SHARE,
            box=None if left is None else Box(left / SHARE, top / SHARE, right / SHARE, bottom / SHARE),
            started_at=started_at,
            last_seen_at=from_microseconds(last_seen_at),
            ended_at=None if ended_at is None else from_microseconds(ended_at),
            end_reason=_END_REASONS[end_reason] if end_reason else None,
            line=line,
            direction=None if direction is None else DIRECTIONS[direction],
            count=count,
            course=None if course is None else course_of(course, started_at),
        ),
        camera_name=camera_name,
        department=DepartmentId(department),
        department_name=names.departments[department],
        zone_name=zone_name,
        line_name=line_name,
        media=tuple(map(_medium, sorted(media))) if media else (),
    )


def _medium(row: Sequence[Any]) -> Medium:
    kind, state, reason, seconds, size, width, height, made_at = row
    return Medium(
        kind=_MEDIA_KINDS[kind],
        state=_MEDIA_STATES[state],
        reason=reason,
        seconds=None if seconds is None else float(seconds),
        bytes=size,
        width=width,
        height=height,
        made_at=None if made_at is None else from_microseconds(made_at),
    )
