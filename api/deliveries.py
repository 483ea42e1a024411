"""`/deliveries`: what was told to subscriptions, and what became of each attempt."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from core.errors import Conflict, NotFound
from events.alerts import delivery_log, replays, subscriptions
from events.alerts.deliveries import DeliveryId
from events.alerts.delivery_log import Delivery
from events.alerts.powers import Powers, powers_of
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .answers import Listing, listing
from .caller import Who
from .problems import Kind, documented
from .services import Use
from .subscription_bodies import DeliveryInPath, DeliveryQuery, SubscriptionInPath
from .subscription_views import DeliveryView, WholeDeliveryView, delivery_view, whole_delivery_view

router = APIRouter(prefix="/api/v1", tags=["alerts"])

MOST_EVENTS: Final = 100


@router.get("/subscriptions/{subscription}/deliveries", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_deliveries(
    use: Use, who: Who, subscription: SubscriptionInPath, asked: Annotated[DeliveryQuery, Query()]
) -> Listing[DeliveryView]:
    """The deliveries of a subscription, newest first; also of one that was removed."""
    with use.database.read() as connection:
        powers = powers_of(connection, who.principal)
        owner = subscriptions.owner_of(connection, subscription)
        powers.check_sees(owner, kind="subscription", number=subscription)
        cursor = None if asked.cursor is None else DeliveryId(asked.cursor)
        page = delivery_log.list_deliveries(
            connection, subscription, asked=asked.filter(), cursor=cursor, limit=asked.limit
        )
    return listing(page, delivery_view)


@router.get("/deliveries/{delivery}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_delivery(use: Use, who: Who, delivery: DeliveryInPath) -> WholeDeliveryView:
    """One delivery, with what became of each attempt."""
    with use.database.read() as connection:
        powers = powers_of(connection, who.principal)
        found = _seen(connection, powers, delivery)
        events = delivery_log.events_of(connection, found, MOST_EVENTS)
        tries = delivery_log.attempts_of(connection, delivery)
    return whole_delivery_view(found, events, tries, may_change=powers.may_change)


@router.post(
    "/deliveries/{delivery}:replay",
    status_code=201,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT),
)
def replay_delivery(use: Use, who: Who, delivery: DeliveryInPath, response: Response) -> DeliveryView:
    """Tell again what a delivery told, or could not tell; the receiver knows it by the same id as before."""
    with use.database.write() as connection:
        powers = powers_of(connection, who.principal)
        found = _seen(connection, powers, delivery)
        owner = subscriptions.owner_of(connection, found.subscription)
        powers.check_may_change(owner)
        try:
            subscriptions.get_to_change(connection, found.subscription)
        except NotFound:
            raise Conflict(f"subscription {found.subscription} was removed: nothing is sent") from None
        made = replays.replay(connection, delivery)
        detail = {"replay_of": delivery, "delivery": made.id}
        who.changed(connection, Act.CHANGE, "subscription", found.subscription, departments={owner}, detail=detail)
    response.headers["Location"] = f"/api/v1/deliveries/{made.id}"
    return delivery_view(made)


def _seen(connection: Transaction, powers: Powers, number: DeliveryId) -> Delivery:
    """The delivery of that number. Raises `NotFound`, and `Hidden` in the same words where it is another's."""
    found = delivery_log.get(connection, number)
    owner = subscriptions.owner_of(connection, found.subscription)
    powers.check_sees(owner, kind="delivery", number=number)
    return found
