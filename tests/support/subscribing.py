"""Subscriptions and deliveries for tests."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from core.camera import DepartmentId
from events.alerts import subscriptions
from events.alerts.deliveries import DeliveryId, DeliveryKind, DeliveryState
from events.alerts.subscription import Subscription, SubscriptionId
from events.alerts.subscriptions import UNSAVED
from events.alerts.tables import delivery
from registry.departments import DEFAULT

from .builders import START

HOOK = "https://alerts.example/hook"


def a_subscription(
    connection: Connection,
    name: str = "duty desk",
    *,
    department: DepartmentId = DEFAULT,
    at: datetime = START,
    **terms: Any,
) -> Subscription:
    """A subscription of everything, to nobody who is there; `terms` are further fields of it."""
    wanted = replace(Subscription(UNSAVED, department, name, HOOK), **terms)
    return subscriptions.add(connection, wanted, at)


def a_delivery(
    connection: Connection,
    of: SubscriptionId,
    *,
    at: datetime = START,
    state: DeliveryState = DeliveryState.DELIVERED,
    kind: DeliveryKind = DeliveryKind.EVENT,
    event: int = 1,
    **more: Any,
) -> DeliveryId:
    """A row of the log, as the sender leaves it: made at `at`, and ended then unless it waits."""
    values = {
        "subscription": of,
        "kind": kind.value,
        "event": event,
        "version": 1,
        "moment": "started",
        "message_id": f"{event}.1.{of}",
        "state": state.value,
        "made_at": at,
        "due_at": at,
        "attempts": 1,
        "first_try_at": at,
        "ended_at": None if state is DeliveryState.WAITING else at,
        **more,
    }
    number: int = connection.execute(insert(delivery).values(values).returning(delivery.c.id)).scalar_one()
    return DeliveryId(number)
