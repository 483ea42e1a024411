"""Deliveries: one thing to tell one subscription, and what became of each attempt."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from core.ids import EventId

from .subscription import SubscriptionId

DeliveryId = NewType("DeliveryId", int)


class DeliveryKind(StrEnum):
    """What is told."""

    EVENT = "event"
    GROUP = "group"
    """Several events that were held together."""
    TEST = "test"
    """Nothing that happened: somebody tries whether it arrives."""


class DeliveryState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    """It is to be sent, or sent again."""
    DELIVERED = "delivered"
    """The receiver took it."""
    DEAD = "dead"
    """It was given up; `reason` says why."""
    WITHHELD = "withheld"
    """When it was to be sent the department could not see the event any more, or the subscription was gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to tell one subscription. Instants are by the database's clock."""

    id: DeliveryId
    subscription: SubscriptionId
    kind: DeliveryKind
    event: EventId | None
    """The first one, where it tells of several; None: a test."""
    version: int | None
    moment: str
    message_id: str
    """What the receiver knows it by; a replay has that of what it repeats."""
    state: DeliveryState
    reason: str
    made_at: datetime
    due_at: datetime
    attempts: int
    first_try_at: datetime | None
    ended_at: datetime | None
    replay_of: "DeliveryId | None"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt."""

    n: int
    """From 1."""
    at: datetime
    took_ms: int
    status: int | None
    """HTTP's, where one came."""
    error: str
    """Why none came, or why this one is none that was hoped for; empty where it arrived."""
    answer: str
    """How the receiver's answer began."""
