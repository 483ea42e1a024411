"""What is done with a subscription: paused, resumed, tested, given another secret, and told again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import APIRouter, Response

from events.alerts import replays, subscription_secrets, subscriptions
from events.alerts.powers import powers_of
from events.alerts.subscription import Subscription, SubscriptionId
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .caller import Caller, Who
from .preconditions import tag
from .problems import Kind, documented
from .services import Services, Use
from .subscription_bodies import ReplaySpan, Rotation, SubscriptionInPath
from .subscription_views import DeliveryView, ReplayedView, RotatedView, SubscriptionView, delivery_view
from .subscriptions import note_changed, seen, shown_to, to_change

router = APIRouter(prefix="/api/v1/subscriptions", tags=["alerts"])

_Step = Callable[[Transaction, SubscriptionId, datetime], Subscription]
_ANSWERS = documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)


@router.post("/{subscription}:pause", responses=_ANSWERS)
def pause_subscription(use: Use, who: Who, subscription: SubscriptionInPath, response: Response) -> SubscriptionView:
    """Send nothing until it is resumed: what is to be told waits."""
    return _step(use, who, subscription, response, subscriptions.pause)


@router.post("/{subscription}:resume", responses=_ANSWERS)
def resume_subscription(use: Use, who: Who, subscription: SubscriptionInPath, response: Response) -> SubscriptionView:
    """Send again, and what has waited first; also where it was stopped, since its receiver was gone."""
    return _step(use, who, subscription, response, subscriptions.resume)


@router.post("/{subscription}:test", status_code=201, responses=_ANSWERS)
def test_subscription(use: Use, who: Who, subscription: SubscriptionInPath, response: Response) -> DeliveryView:
    """Send a message that tells of nothing, to see whether it arrives: read the delivery again for what became of
    it."""
    with use.database.write() as connection:
        _, found = to_change(connection, who, subscription)
        made = replays.test(connection, found)
        _note_sent(connection, who, found, {"test": made.id})
    response.headers["Location"] = f"/api/v1/deliveries/{made.id}"
    return delivery_view(made)


@router.post("/{subscription}:rotate-secret", responses=_ANSWERS)
def rotate_secret(use: Use, who: Who, subscription: SubscriptionInPath, body: Rotation) -> RotatedView:
    """Sign with a new secret; for a while those before it sign as well, so that the receiver can change over. The
    answer has the new one, which nobody can show again."""
    at, overlap = use.clock.now(), timedelta(seconds=body.overlap_s)
    with use.database.write() as connection:
        _, found = to_change(connection, who, subscription)
        text = subscription_secrets.rotate(connection, use.sealing_key, subscription, at, overlap)
        until = subscription_secrets.others_end_at(connection, subscription, at)
        detail = {"signing": {"rotated": True, "overlap_s": body.overlap_s}}
        departments = {found.department}
        who.changed(connection, Act.CHANGE, "subscription", found.id, departments=departments, detail=detail)
    return RotatedView(text=text, others_sign_until=until)


@router.post("/{subscription}:replay", responses=_ANSWERS)
def replay_subscription(use: Use, who: Who, subscription: SubscriptionInPath, body: ReplaySpan) -> ReplayedView:
    """Tell again what it told, or could not tell, of events that became known in a span of time: 10,000 deliveries at
    most. Each is known to the receiver by the same id as before."""
    with use.database.read() as connection:  # ten thousand are read, which would hold up others who write
        seen(connection, powers_of(connection, who.principal), subscription)
        asked = replays.replayable(connection, subscription, body.from_at, body.to_at)
    with use.database.write() as connection:
        _, found = to_change(connection, who, subscription)
        detail = {"replay": body.model_dump(mode="json", by_alias=True), "deliveries": len(asked.numbers)}
        _note_sent(connection, who, found, detail)
    made = 0
    for portion in asked.portions():
        with use.database.write() as connection:
            made += replays.replay_all(connection, portion)
    return ReplayedView(replayed=made, more=asked.more, next_from=asked.next_from)


def _step(use: Services, who: Caller, number: SubscriptionId, response: Response, do: _Step) -> SubscriptionView:
    with use.database.write() as connection:
        powers, before = to_change(connection, who, number)
        after = do(connection, number, use.clock.now())
        note_changed(connection, who, before, after)
        shown = shown_to(connection, powers, after)
    response.headers["ETag"] = tag(after.revision)
    return shown


def _note_sent(connection: Transaction, who: Caller, found: Subscription, detail: dict[str, object]) -> None:
    departments = {found.department}
    who.changed(connection, Act.CHANGE, "subscription", found.id, departments=departments, detail=detail)
