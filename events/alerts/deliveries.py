"""Deliveries: what is told to one subscription, and what became of it."""

from enum import StrEnum
from typing import NewType

DeliveryId = NewType("DeliveryId", int)


class DeliveryKind(StrEnum):
    """What a delivery tells."""

    EVENT = "event"
    """One event."""
    GROUP = "group"
    """All that happened in a group since it was told of."""
    NOTICE = "notice"
    """That a trouble of the system itself began, or is over."""
    TEST = "test"
    """Nothing happened: somebody tries whether the receiver can be reached."""


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    """It is to be sent, for the first time or again; somebody may be sending it now."""
    DELIVERED = "delivered"
    """The receiver has acknowledged it."""
    DEAD = "dead"
    """It was given up, for the reason that stands beside."""
    WITHHELD = "withheld"
    """It must not be sent: whoever it is for may not see the event any more."""
