"""The town that the benchmark of alerts happens in: a camera for each receiver, and a subscription to it."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.box import Box
from core.event import Event, Origin
from core.ids import CameraId, event_id
from core.rule import RuleId, RuleKind, Severity
from events.alerts import subscription_secrets, subscriptions
from events.alerts.subscription import Subscription, SubscriptionId
from events.index.event_filter import EventFilter
from events.index.write import write_events
from registry import cameras, epochs, workers
from registry.db import Database
from registry.departments import DEFAULT
from registry.key_ring import KeyRing
from registry.server_clock import server_time

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(slots=True)
class Town:
    """Cameras, each of them with the subscription that is told of it."""

    database: Database
    cameras: dict[CameraId, SubscriptionId]
    epochs: dict[CameraId, int]
    written: dict[CameraId, int] = field(default_factory=dict)
    newest: dict[CameraId, datetime] = field(default_factory=dict)

    def happen(self, on: Sequence[CameraId], at: datetime) -> dict[str, float]:
        """An event on each of these, which may be named more than once, in one transaction. The ids of the messages
        that are to tell of them, and when they were committed, by the monotonic clock."""
        events = [self._event(camera, at) for camera in on]
        with self.database.write() as connection:
            outcomes = write_events(connection, events)
        committed = time.monotonic()
        return {
            f"{outcome.id}.1.{self.cameras[camera]}": committed for outcome, camera in zip(outcomes, on, strict=True)
        }

    def _event(self, camera: CameraId, at: datetime) -> Event:
        """The next one of the camera, a millisecond after the one before at least."""
        n = self.written[camera] = self.written.get(camera, 0) + 1
        at = self.newest[camera] = max(at, self.newest.get(camera, at - _MILLISECOND) + _MILLISECOND)
        return Event(
            id=event_id(at, camera),
            origin=Origin(self.epochs[camera], n),
            version=1,
            rule=RuleId(1),
            rule_name="somebody is there",
            kind=RuleKind.OBJECT_IN_ZONE,
            label="person",
            severity=Severity.HIGH,
            zone=None,
            track=n,
            score=0.8,
            box=Box(0.4, 0.4, 0.5, 0.6),
            started_at=at,
            last_seen_at=at,
        )


def found_town(database: Database, keys: KeyRing, urls: Sequence[str]) -> Town:
    """A camera and a subscription for each of `urls`."""
    told: dict[CameraId, SubscriptionId] = {}
    with database.write() as connection:
        at = server_time(connection)
        worker = workers.register(
            connection, pid=1, at=at, port=1, token=secrets.token_hex(16), host="127.0.0.1", name="bench", capacity=1.0
        )
        for number, url in enumerate(urls, 1):
            camera = cameras.add(connection, name=f"camera {number}", department=DEFAULT).id
            some = Subscription(
                subscriptions.UNSAVED,
                DEFAULT,
                f"receiver {number}",
                url,
                filter=EventFilter(cameras=frozenset({camera})),
            )
            made = subscriptions.add(connection, some, at)
            subscription_secrets.make(connection, keys, made.id, at)
            told[camera] = made.id
        taken = epochs.take(connection, worker.id, list(told), at)
    return Town(database, told, dict(taken))
