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
from core.line import LineId
from core.rule import RuleId, RuleKind, Severity
from core.zone import ZoneId
from registry.chunks import in_chunks
from registry.columns import from_microseconds
from registry.db import is_sqlite

from ..directions import DIRECTIONS
from ..media.table import MediaKind, MediaState
from .courses import course_of
from .drafts import SHARE
from .names import Names, names_of
from .row import Row


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


class StoredEvent:
    """An event in its newest version, with names as they are now (its rule's as it was then). Immutable; any thread."""

    __slots__ = ("_event", "department_name", "kind", "label", "media", "row", "rule_name")

    def __init__(self, row: Row, *, rule_name: str, kind: RuleKind, label: str, department_name: str) -> None:
        self.row = row
        """What is kept of it: whoever asks for many events asks this."""
        self.rule_name = rule_name
        self.kind = kind
        self.label = label
        self.department_name = department_name
        self.media = tuple(map(_medium, sorted(row.media))) if row.media else ()
        self._event: Event | None = None

    @property
    def event(self) -> Event:
        """The event itself, made when it is first asked for."""
        if self._event is None:
            self._event = self._made()
        return self._event

    @property
    def id(self) -> EventId:
        return self.row.id

    @property
    def department(self) -> DepartmentId:
        """The owner of the camera when the event started."""
        return DepartmentId(self.row.department)

    @property
    def camera_name(self) -> str:
        return self.row.camera_name

    @property
    def zone_name(self) -> str | None:
        return self.row.zone_name

    @property
    def line_name(self) -> str | None:
        return self.row.line_name

    def medium(self, kind: MediaKind) -> Medium | None:
        """What there is of that kind."""
        for medium in self.media:  # no generator: this is asked three times of each event on a page
            if medium.kind is kind:
                return medium
        return None

    def with_row(self, row: Row) -> "StoredEvent":
        """The same as `row` has it."""
        return StoredEvent(
            row, rule_name=self.rule_name, kind=self.kind, label=self.label, department_name=self.department_name
        )

    def _made(self) -> Event:
        row, left = self.row, self.row.box_left
        started_at = event_time(row.id)
        return Event(
            id=row.id,
            origin=Origin(row.epoch, row.n),
            version=row.version,
            rule=RuleId(row.rule),
            rule_name=self.rule_name,
            kind=self.kind,
            label=self.label,
            severity=_SEVERITIES[row.severity],
            zone=None if row.zone is None else ZoneId(row.zone),
            track=row.track,
            score=None if row.score is None else row.score / SHARE,
            box=None if left is None else _box(left, row),
            started_at=started_at,
            last_seen_at=from_microseconds(row.last_seen_at),
            ended_at=None if row.ended_at is None else from_microseconds(row.ended_at),
            end_reason=_END_REASONS[row.end_reason] if row.end_reason else None,
            line=None if row.line is None else LineId(row.line),
            direction=None if row.direction is None else DIRECTIONS[row.direction],
            count=row.counted,
            course=None if row.course is None else course_of(row.course, started_at),
        )


def _box(left: int, row: Row) -> Box:
    assert row.box_top is not None and row.box_right is not None and row.box_bottom is not None  # noqa: S101, PT018
    return Box(left / SHARE, row.box_top / SHARE, row.box_right / SHARE, row.box_bottom / SHARE)


def _name_of(table: str, number: str = "") -> str:
    """The name of what an event refers to, looked up by itself: PostgreSQL takes 4 ms to choose the order of ten joins,
    four times as long as to find a page's events then."""
    return f"(SELECT name FROM {table} WHERE {table}.id = {number or f'e.{table}'})"  # noqa: S608 - constant text


_COLUMNS: Final = (
    "e.id, e.epoch, e.n, e.version, e.rule, e.severity, e.zone, e.track, e.score, "
    "e.box_left, e.box_top, e.box_right, e.box_bottom, e.last_seen_at, e.ended_at, e.end_reason, "
    "d.line, d.direction, d.count, d.course, e.rule_name, e.kind, e.label, e.department, "
    f"{_name_of('camera')}, {_name_of('zone')}, {_name_of('line', 'd.line')}, {{media}}"
)
"""Those of `Row`."""
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
    row = f"json_array({_COLUMNS.format(media=media)})"
    asked = "json_each(:ids) asked CROSS JOIN event e ON e.id = asked.value"
    return f"SELECT group_concat(row, char(10)) FROM (SELECT {row} AS row FROM {asked} {_DETAIL}) found"  # noqa: S608


def _postgresql() -> str:
    media = _MEDIA.format(seconds="CAST(m.seconds AS text)")
    media = f"(SELECT json_agg(json_build_array({media})) FROM event_media m WHERE {_SHOWN})"  # noqa: S608 - constant text
    row = f"CAST(json_build_array({_COLUMNS.format(media=media)}) AS text)"
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
        parsed = [Row(*json.loads(row)) for row in rows]
        names.learn(connection, [(one.rule_name, one.kind, one.label, one.department) for one in parsed])
        stored = [_stored(row, names) for row in rows]
    found = {one.row.id: one for one in stored}
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
def _stored(text: str, names: Names) -> StoredEvent:
    """What a row says. The same few events are on most pages that are asked for. Raises `KeyError` where a name is not
    known."""
    row = Row(*json.loads(text))
    return StoredEvent(
        row,
        rule_name=names.rule_names[row.rule_name],
        kind=_KINDS[names.kinds[row.kind]],
        label=names.labels[row.label],
        department_name=names.departments[row.department],
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
