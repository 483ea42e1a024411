"""Alerts on a real database, step by step: what is matched, claimed, sent and heard, by a clock that a test moves."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.event import Event
from core.ids import CameraId, EventId
from events.alerts import subscription_secrets, subscriptions
from events.alerts.desk import Desk
from events.alerts.matcher import Matcher
from events.alerts.outcomes import Fate, Outcome
from events.alerts.preparing import Letter, Preparing
from events.alerts.settings import AlertSettings
from events.alerts.subscription import Subscription, SubscriptionId
from events.alerts.tables import delivery
from registry.db import Database
from registry.departments import DEFAULT
from registry.key_ring import KeyRing, ring_of
from registry.sealing_key import SealingKey
from registry.visibility import EventFacts, Visibility

from .builders import START, FakeClock
from .happenings import add_cameras, write

URL = "https://alerts.example.com/hook"
MIDDLE = 0.5
"""Neither longer nor shorter pauses."""


def a_ring() -> KeyRing:
    return ring_of(SealingKey(b"k" * 32))


def subscribe(
    connection: Connection,
    keys: KeyRing,
    *,
    name: str = "all",
    department: DepartmentId = DEFAULT,
    url: str = URL,
    at: datetime = START,
    **more: Any,
) -> Subscription:
    """A subscription with a secret; `more` are further fields of it."""
    wanted = Subscription(SubscriptionId(0), department, name, url, **more)
    made = subscriptions.add(connection, wanted, at)
    subscription_secrets.make(connection, keys, made.id, at)
    return made


@dataclass
class Office:
    """One matcher and one desk of a process. Nothing runs by itself."""

    database: Database
    clock: FakeClock
    keys: KeyRing
    matcher: Matcher
    desk: Desk
    visibility: Visibility
    settings: AlertSettings
    cameras: list[CameraId] = field(default_factory=list)

    def subscribe(self, **more: Any) -> Subscription:
        with self.database.write() as connection:
            return subscribe(connection, self.keys, **more)

    def happen(self, *events: Event) -> list[EventId]:
        return write(self.database, events)

    def match(self) -> int:
        """Match all that there is; how many changes that were."""
        changes = 0
        while some := self.matcher.match_some():
            changes += some
        return changes

    def answer(self, letter: Letter, status: int | None = 204, *, error: str = "", **more: Any) -> None:
        """The receiver answers; without a status it hangs."""
        is_taken = status is not None and 200 <= status < 300
        outcome = Outcome(
            letter.claimed,
            letter.origin,
            Fate.ACKNOWLEDGED if is_taken else Fate.FAILED,
            self.clock.now(),
            took_ms=3,
            status=status,
            error="" if is_taken else error or (f"HTTP {status}" if status else "no answer"),
            blames_receiver=status is None or status >= 500,
        )
        self.desk.put(replace(outcome, **more))

    def deliver(self, answer: Callable[[Letter], int | None] = lambda _: 204) -> list[Letter]:
        """Send all that is due, until nothing is; what was sent, in that order."""
        sent: list[Letter] = []
        while letters := self.desk.turn() or self.desk.turn():
            for letter in letters:
                self.answer(letter, answer(letter))
            sent += letters
        self.desk.turn()
        return sent

    def deliveries(self) -> list[Any]:
        """The rows of all deliveries, by number."""
        with self.database.read() as connection:
            return list(connection.execute(select(delivery).order_by(delivery.c.id)))

    def states(self) -> Mapping[str, int]:
        return Counter(row.state for row in self.deliveries())


def an_office(
    database: Database,
    *,
    clock: FakeClock | None = None,
    keys: KeyRing | None = None,
    facts: EventFacts = EventFacts.CITY,
    cameras: int = 0,
    department: DepartmentId = DEFAULT,
    **settings: Any,
) -> Office:
    """`settings`: of alerts."""
    keys, found = keys or a_ring(), clock or FakeClock()
    visibility = Visibility(facts, found)
    chosen = AlertSettings(**settings)
    desk = Desk(database, Preparing(visibility, keys, chosen), found, chosen, luck=lambda: MIDDLE)
    office = Office(database, found, keys, Matcher(database, visibility, found), desk, visibility, chosen)
    if cameras:
        with database.write() as connection:
            office.cameras = add_cameras(connection, cameras, department=department)
    return office
