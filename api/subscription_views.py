"""Subscriptions and their deliveries as answers show them."""

from datetime import timedelta
from typing import Any

from pydantic import Field

from core.ids import EventId
from core.rule import Severity
from events.alerts.deliveries import DeliveryKind, DeliveryState
from events.alerts.delivery_log import Attempt, Delivery
from events.alerts.subscription import Grouping, Moment, Subscription, SubscriptionState
from events.alerts.subscription_health import Count, Health

from .access_fields import Departments
from .alert_filter import AlertFilter
from .answers import Named
from .changing import differences
from .fields import Body, EventNumber, Instant
from .rule_bodies import HoursBody, hours_shown
from .subscription_bodies import DeliveryNumber, SubscriptionNumber

_SECOND = timedelta(seconds=1)


class TermsView(Body):
    """What a subscription is for. `target` tells of its address what everybody may know who sees it."""

    name: str
    target: str = Field(description="Scheme, host and port of where deliveries are sent.")
    filter: AlertFilter
    min_severity: Severity
    hours: tuple[HoursBody, ...]
    moments: tuple[Moment, ...]
    grouping: Grouping
    cool_down_s: int
    with_picture: bool
    notices: bool = Field(description="Whether it is told of the system's own troubles, too.")
    state: SubscriptionState
    state_reason: str = Field(description="Why it was stopped; empty where it was not.")


class CountView(Body):
    """How many there are."""

    count: int
    at_least: bool = Field(description="Whether there may be more: counting ended there.")


class CircuitView(Body):
    """The receiver failed time and again: nothing is sent there for a while."""

    open_until: Instant
    reason: str


class HealthView(Body):
    """How a subscription is doing."""

    waiting: CountView = Field(description="Deliveries that are to be sent, or sent again.")
    dead: CountView = Field(description="Deliveries that were given up in the last 24 hours.")
    last_success_at: Instant | None = Field(description="When the last one arrived; null: none did in living memory.")
    circuit: CircuitView | None = Field(description="Null: its receiver is sent to.")
    per_minute: float = Field(description="Deliveries that arrived, on the average of the last five minutes.")


class SubscriptionView(TermsView):
    """Who is told of which events, and where."""

    id: SubscriptionNumber
    department: Named
    url: str | None = Field(description="Where deliveries are sent; null for those who do not look after it.")
    made_by: str
    made_at: Instant
    changed_at: Instant
    health: HealthView = Field(description="As of now; it is not counted by `revision`.")
    may_change: bool = Field(description="Whether who asks looks after it.")
    revision: int = Field(description="Counts its changes; its `ETag`.")


class MadeSubscriptionView(Body):
    """A new subscription, with what its deliveries are signed with."""

    subscription: SubscriptionView
    text: str = Field(
        description="The secret by Standard Webhooks, which nobody can show again.", examples=["whsec_..."]
    )


class RotatedView(Body):
    """A new secret in place of those before it."""

    text: str = Field(
        description="The secret by Standard Webhooks, which nobody can show again.", examples=["whsec_..."]
    )
    others_sign_until: Instant | None = Field(
        description="Until when those before it sign as well; null: the new one signs alone."
    )


class DeliveryView(Body):
    """One thing to tell one subscription, and what became of it."""

    id: DeliveryNumber
    subscription: SubscriptionNumber
    kind: DeliveryKind
    event: EventNumber | None = Field(description="The first one, where it tells of several; null: of none.")
    notice: str | None = Field(description="The number of the notice that it tells of; null: it tells of none.")
    moment: str = Field(description="`started` or `ended`, of a notice too; of a group and a test it means nothing.")
    message_id: str = Field(description="`webhook-id`: what the receiver knows it by.")
    state: DeliveryState
    reason: str = Field(description="Why it is dead or withheld, or why the last attempt failed.")
    made_at: Instant
    due_at: Instant | None = Field(description="When it is tried next; null: never again.")
    attempts: int
    first_try_at: Instant | None
    ended_at: Instant | None
    replay_of: DeliveryNumber | None = Field(description="Which one it tells again.")


class AttemptView(Body):
    """What became of one attempt."""

    n: int
    at: Instant
    took_ms: int
    status: int | None = Field(description="Of the receiver's answer; null: none came.")
    error: str = Field(description="What went wrong; empty where the receiver took it.")
    answer: str = Field(
        description="How the receiver's answer began, as plain text: written by a stranger. Empty for those who do not "
        "look after the subscription, since it may repeat the address."
    )


class WholeDeliveryView(DeliveryView):
    """A delivery with all of its attempts."""

    events: tuple[EventNumber, ...] = Field(description="What it tells of, oldest first: the first hundred.")
    tries: tuple[AttemptView, ...]


class ReplayedView(Body):
    """What is told again."""

    replayed: int = Field(description="How many deliveries were made; each is known by the id of what it repeats.")
    more: bool = Field(description="Whether there is more than one request tells again.")
    next_from: Instant | None = Field(description="`from` of the next request, where there is more.")


def view(found: Subscription, health: Health, departments: Departments, *, may_change: bool) -> SubscriptionView:
    """A subscription as the API shows it."""
    return SubscriptionView(
        **_terms(found),
        id=found.id,
        department=departments.owner(found.department),
        url=found.url if may_change else None,
        made_by=found.made_by,
        made_at=found.made_at,
        changed_at=found.changed_at,
        health=_health(health),
        may_change=may_change,
        revision=found.revision,
    )


def changed_terms(before: Subscription, after: Subscription) -> dict[str, list[Any]]:
    """What is different, as it goes on record. Addresses of receivers may hold what only they should know: of those it
    tells the target, and that the rest is another."""
    found = differences(TermsView(**_terms(before)), TermsView(**_terms(after)))
    if before.url != after.url and "target" not in found:
        found["url"] = ["(not told)", "(another)"]
    return found


def delivery_view(found: Delivery) -> DeliveryView:
    """A delivery as a list shows it."""
    return DeliveryView(**_delivery(found))


def whole_delivery_view(
    found: Delivery, events: list[EventId], tries: list[Attempt], *, may_change: bool
) -> WholeDeliveryView:
    """A delivery with its attempts. Many servers repeat the address in their answers, which is for those alone who look
    after the subscription."""
    return WholeDeliveryView(
        **_delivery(found),
        events=tuple(events),
        tries=tuple(
            AttemptView(
                n=one.n,
                at=one.at,
                took_ms=one.took_ms,
                status=one.status,
                error=one.error,
                answer=one.answer if may_change else "",
            )
            for one in tries
        ),
    )


def _terms(found: Subscription) -> dict[str, Any]:
    return {
        "name": found.name,
        "target": found.origin,
        "filter": AlertFilter.of(found.filter),
        "min_severity": found.min_severity,
        "hours": hours_shown(found.hours),
        "moments": tuple(one for one in Moment if one in found.moments),
        "grouping": found.grouping,
        "cool_down_s": found.cool_down // _SECOND,
        "with_picture": found.with_picture,
        "notices": found.notices,
        "state": found.state,
        "state_reason": found.state_reason,
    }


def _health(found: Health) -> HealthView:
    circuit = found.circuit
    return HealthView(
        waiting=_count(found.waiting),
        dead=_count(found.dead),
        last_success_at=found.last_success_at,
        circuit=None if circuit is None else CircuitView(open_until=circuit.open_until, reason=circuit.reason),
        per_minute=found.per_minute,
    )


def _count(found: Count) -> CountView:
    return CountView(count=found.count, at_least=found.at_least)


def _delivery(found: Delivery) -> dict[str, Any]:
    return {
        "id": found.id,
        "subscription": found.subscription,
        "kind": found.kind,
        "event": found.event,
        "notice": None if found.notice is None else str(found.notice),
        "moment": found.moment,
        "message_id": found.message_id,
        "state": found.state,
        "reason": found.reason,
        "made_at": found.made_at,
        "due_at": None if found.ended_at is not None else found.due_at,
        "attempts": found.attempts,
        "first_try_at": found.first_try_at,
        "ended_at": found.ended_at,
        "replay_of": found.replay_of,
    }
