"""Lets lost streams join the outage of their uplink."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert, or_, select

from core.camera import DepartmentId
from core.event import Event
from core.ids import CameraId, EventId
from core.rule import RuleKind, Severity
from registry import uplinks
from registry.chunks import in_chunks
from registry.owners import Owners

from ..index.places import Places
from ..index.tables import outage
from .members import Key, key_of, member_of, members_of, outages_of, save
from .renewing import renew

_TOGETHER: Final = timedelta(minutes=2)
_ONCE_MORE: Final = timedelta(days=1)
"""For so long a camera that is lost once more joins again: one that is lost for good must not gather the others' losses
for ever."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What cameras have in common that are lost together."""

    uplink: str
    department: DepartmentId
    severity: Severity


@dataclass(frozen=True, slots=True)
class Joined:
    """A version of an event that stands within an outage."""

    event: EventId
    """The outage's."""
    is_first: bool
    """Whether nothing was known of it before."""
    is_news: bool
    """Whether it is newer than what was known."""


class Outages:
    """The outages that a batch of events touches. For those who hold the lock of `changes`."""

    def __init__(self, connection: Connection, places: Places, owners: Owners, events: Collection[Event]) -> None:
        self._connection = connection
        self._places = places
        self._owners = owners
        lost = [one for one in events if one.kind is RuleKind.STREAM_LOST]
        self._within = outages_of(connection, {key_of(one) for one in lost})
        self._uplinks = uplinks.of_cameras(connection, {one.camera for one in lost})
        self._began: dict[_Line, dict[EventId, datetime]] = defaultdict(dict)
        if lost:
            self._look_for_outages(min(one.started_at for one in lost))
        known = {number for began in self._began.values() for number in began} | set(self._within.values())
        self._members = members_of(connection, known)
        self._touched: dict[EventId, Event | None] = {}
        """Outages that change, and the event of each that begins now."""
        self._changed: set[Key] = set()

    def join(self, one: Event) -> Joined | None:
        """Let `one` join the outage that it belongs to, or begin one. None: it is an event of its own."""
        if one.kind is not RuleKind.STREAM_LOST:
            return None
        key = key_of(one)
        number = self._within.get(key) or self._find(one)
        if number is None:
            return None
        known = self._members[number].get(key)
        if known is not None and one.version <= known.version:
            return Joined(number, is_first=False, is_news=False)
        self._within[key] = number
        self._members[number][key] = member_of(one, interruptions=known.interruptions if known else 0)
        self._touched.setdefault(number, None)
        self._changed.add(key)
        return Joined(number, is_first=known is None, is_news=True)

    def finish(self) -> list[tuple[EventId, Event]]:
        """Put on record what has joined. The events of outages that begin now, which are still to be written."""
        save(
            self._connection, [(self._within[key], key, self._members[self._within[key]][key]) for key in self._changed]
        )
        return renew(self._connection, self._touched, self._members)

    def _find(self, one: Event) -> EventId | None:
        uplink = self._uplinks.get(one.camera)
        if uplink is None or self._places.has(one):  # It was an event of its own before its camera had an uplink.
            return None
        line = _Line(uplink, self._owners.at(one.camera, one.started_at), one.severity)
        for number, began_at in self._began[line].items():
            after = abs(one.started_at - began_at)
            is_together = after <= _TOGETHER or (after <= _ONCE_MORE and self._has(number, one.camera))
            if is_together and self._goes_on(number, one.started_at):
                return number
        return self._begin(line, one)

    def _goes_on(self, number: EventId, at: datetime) -> bool:
        return any(member.ended_at is None or member.ended_at >= at for member in self._members[number].values())

    def _has(self, number: EventId, camera: CameraId) -> bool:
        return any(key[0] == camera for key in self._members[number])

    def _begin(self, line: _Line, one: Event) -> EventId:
        place = self._places.find(one)
        self._places.take(place, one)
        self._touched[place] = one
        self._began[line][place] = one.started_at
        self._members[place] = {}
        values = {"department": line.department, "severity": line.severity.value, "uplink": line.uplink}
        self._connection.execute(insert(outage).values(event=place, began_at=one.started_at, **values))
        return place

    def _look_for_outages(self, since: datetime) -> None:
        """Those of these uplinks that go on, or did since then."""
        for chunk in in_chunks(sorted(set(self._uplinks.values()))):
            statement = select(outage).where(
                outage.c.uplink.in_(chunk), or_(outage.c.ended_at.is_(None), outage.c.ended_at >= since)
            )
            for row in self._connection.execute(statement.order_by(outage.c.event)):
                line = _Line(row.uplink, DepartmentId(row.department), Severity(row.severity))
                self._began[line][EventId(row.event)] = row.began_at
