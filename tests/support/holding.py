"""Holds for tests: two departments with people, and what is held of their events."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.event import Event
from core.ids import EventId
from events.index.tables import event as event_table
from events.media import records
from events.media.records import StoredBlob
from events.media.table import MediaKind
from events.retention import holds
from events.retention.held import held, is_held
from events.retention.hold import Hold, HoldId, Holding
from events.retention.hold_powers import HoldPowers, hold_powers_of
from registry.visibility import EventFacts, Visibility

from .builders import START, FakeClock, after, an_event
from .happenings import put_events
from .sharing import Neighbours, neighbours


@dataclass
class HeldTown:
    """Two departments with people, and events on their cameras."""

    connection: Connection
    around: Neighbours
    visibility: Visibility

    def take(self, on: Holding, owner: DepartmentId | None = None, **more: Any) -> Hold:
        terms: dict[str, Any] = {"name": "case 7", "reason": "the court asked", "by": "Chen Jie", "at": START} | more
        return holds.take(self.connection, on, owner=owner, **terms)

    def release(self, hold: Hold, **more: Any) -> Hold:
        terms: dict[str, Any] = {"why": "the case is closed", "by": "Li Wei", "at": after(60)} | more
        return holds.release(self.connection, hold.id, **terms)

    def happen(self, *events: Event) -> list[EventId]:
        return put_events(self.connection, events)

    def powers(self, login: str) -> HoldPowers:
        return hold_powers_of(self.connection, self.around[login])

    def seen_by(self, login: str) -> list[HoldId]:
        found = holds.list_holds(self.connection, seen_by=self.powers(login).concerned)
        return [one.id for one in found.items]

    def may_hold(self, login: str, on: Holding) -> None:
        who = self.around[login]
        scope = self.visibility.scope(self.connection, who)
        self.powers(login).check_may_hold(self.connection, scope, on)

    def keep(self, event: EventId, kind: MediaKind, size: int) -> None:
        records.mark_ready(self.connection, event, kind, StoredBlob(f"{event}/{kind.value}", size), START)


def a_held_town(connection: Connection) -> HeldTown:
    """Nothing has happened there yet."""
    return HeldTown(connection, neighbours(connection), Visibility(EventFacts.GRANT, FakeClock()))


def on_weir(town: HeldTown, n: int = 1, *, at: datetime = START, **more: Any) -> Event:
    return an_event(n, camera=town.around.weir, at=at, **more)


def is_kept(town: HeldTown, *numbers: EventId) -> list[bool]:
    """Whether each of these events is held: as one is asked for, and as the database counts."""
    now = held(town.connection)
    rows = {
        row.id: row
        for row in town.connection.execute(
            select(
                event_table.c.id,
                event_table.c.camera,
                event_table.c.department,
                event_table.c.last_seen_at,
                is_held(event_table.c).label("is_held"),
            )
        )
    }
    found = [now.has(one, rows[one].camera, rows[one].department, rows[one].last_seen_at) for one in numbers]
    assert found == [bool(rows[one].is_held) for one in numbers]
    return found
