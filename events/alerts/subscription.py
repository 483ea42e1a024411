"""Subscriptions: who is told of which events, where, when and how often."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from urllib.parse import urlsplit

from core.camera import DepartmentId
from core.hours import Hours
from core.rule import Severity
from registry.columns import EPOCH

from ..index.event_filter import EventFilter

SubscriptionId = NewType("SubscriptionId", int)

_LONGEST_NAME: Final = 128
ANY_EVENT: Final = EventFilter()
_PORTS: Final = {"https": 443, "http": 80}


class Grouping(StrEnum):
    """What is told together."""

    EVENT = "event"
    """Nothing: each event by itself."""
    CAMERA = "camera"
    """What happens on a camera."""
    RULE = "rule"
    """What a rule makes."""
    SUBSCRIPTION = "subscription"
    """All of the subscription."""


class Moment(StrEnum):
    """Which moment of an event is told."""

    STARTED = "started"
    ENDED = "ended"


class SubscriptionState(StrEnum):
    """Whether anything is sent."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By somebody: what is to be told waits."""
    STOPPED = "stopped"
    """By us, since the receiver does not want any more: what is to be told waits."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a department wants to be told, and where."""

    id: SubscriptionId
    department: DepartmentId
    """It is told what an operator of this department may see."""
    name: str
    url: str
    """Where deliveries go. It may hold what only the receiver should know: for those who look after it alone."""
    filter: EventFilter = ANY_EVENT
    """Without times: what is to come."""
    min_severity: Severity = Severity.LOW
    """The least urgent one that is told."""
    hours: tuple[Hours, ...] = ()
    """Events that start within one of these are told; none: always."""
    moments: frozenset[Moment] = frozenset({Moment.STARTED})
    grouping: Grouping = Grouping.EVENT
    cool_down: timedelta = timedelta(0)
    """With a grouping: for so long after the first event of a group the others are held, and told together then."""
    with_picture: bool = True
    """Whether messages have a link to the masked snapshot."""
    notices: bool = False
    """Whether it is told of the system's own troubles, too: of all of them, whatever its filter and hours."""
    state: SubscriptionState = SubscriptionState.ACTIVE
    state_reason: str = ""
    after_seq: int = 0
    """Changes of events up to this number are not for it."""
    made_by: str = ""
    """Who made it, by their name of then."""
    made_at: datetime = EPOCH
    changed_at: datetime = EPOCH
    revision: int = 1
    """Counts its changes: what an `ETag` shows."""

    def made_by_name(self, name: str) -> "Subscription":
        """The same, made by whoever has this name."""
        return replace(self, made_by=name[:_LONGEST_NAME])

    @property
    def origin(self) -> str:
        """Scheme, host and port of its target: whatever goes there shares one circuit."""
        return origin_of(self.url)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL that was checked: `https://alerts.example:443`."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}:{parts.port or _PORTS[parts.scheme]}"
