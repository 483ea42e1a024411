"""The subscriptions of a simulated city: paused, and to a receiver that does not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.rule import RuleKind, Severity
from events.alerts import subscriptions
from events.alerts.subscription import Grouping, Moment, Subscription, SubscriptionState
from events.index.event_filter import EventFilter

from .people import CityPeople

_DEPARTMENTS: Final = 8
_MADE_AGO: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Template:
    name: str
    asked: EventFilter
    terms: dict[str, Any]


_TEMPLATES: Final = (
    _Template("Duty desk", EventFilter(labels=frozenset({"person"})), {"min_severity": Severity.HIGH}),
    _Template(
        "值班群机器人",
        EventFilter(kinds=frozenset({RuleKind.INTRUSION, RuleKind.LOITERING})),
        {"grouping": Grouping.CAMERA, "cool_down": timedelta(minutes=1)},
    ),
    _Template(
        "Streams that are lost",
        EventFilter(kinds=frozenset({RuleKind.STREAM_LOST})),
        {"moments": frozenset(Moment), "grouping": Grouping.SUBSCRIPTION, "cool_down": timedelta(minutes=5)},
    ),
)


def add_subscriptions(connection: Connection, owners: Sequence[int], people: CityPeople, until: datetime) -> None:
    """Put a few subscriptions of the first departments into the database, each made by its own admin. They have no
    secrets: who resumes one gives it one by a rotation first."""
    for place, owner in enumerate(owners[:_DEPARTMENTS]):
        for template in _TEMPLATES[: 1 + place % len(_TEMPLATES)]:
            wanted = Subscription(
                id=subscriptions.UNSAVED,
                department=DepartmentId(owner),
                name=template.name,
                url=f"https://alerts.example/departments/{owner}",
                filter=template.asked,
                state=SubscriptionState.PAUSED,
                **template.terms,
            )
            admin = people.of_department[place][0]
            subscriptions.add(connection, wanted.made_by_name(admin.name), until - _MADE_AGO)
