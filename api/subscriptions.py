"""`/subscriptions`: who is told of which events, and where."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from core.camera import DepartmentId
from core.errors import BadInput, NotFound
from events.alerts import subscription_secrets, subscriptions
from events.alerts.powers import Powers, powers_of
from events.alerts.subscription import Subscription, SubscriptionId
from events.alerts.subscription_health import health_of
from events.alerts.targets import check_url
from registry import departments
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .access_fields import Departments
from .answers import Listing, listing
from .caller import Caller, Who
from .changing import note_change
from .fields import LAST_NUMBER
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .services import Use
from .subscription_bodies import NewSubscription, SubscriptionChange, SubscriptionInPath, SubscriptionQuery
from .subscription_views import MadeSubscriptionView, SubscriptionView, changed_terms, view

router = APIRouter(prefix="/api/v1/subscriptions", tags=["alerts"])


@router.get("", responses=documented(Kind.BAD_INPUT))
def list_subscriptions(use: Use, who: Who, asked: Annotated[SubscriptionQuery, Query()]) -> Listing[SubscriptionView]:
    """The subscriptions of one's department and those below it, by number, each with how it is doing."""
    with use.database.read() as connection:
        powers = powers_of(connection, who.principal)
        wanted = powers.departments
        if asked.department is not None:
            one = frozenset({asked.department})
            wanted = one if wanted is None else wanted & one
        page = subscriptions.list_subscriptions(
            connection,
            departments=wanted,
            state=asked.state,
            cursor=SubscriptionId(min(asked.cursor or 0, LAST_NUMBER)),
            limit=asked.limit,
        )
        health, names = health_of(connection, page.items), Departments(connection)
    return listing(page, lambda one: view(one, health[one.id], names, may_change=powers.may_change))


@router.get("/{subscription}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_subscription(
    use: Use, who: Who, subscription: SubscriptionInPath, response: Response, known: Known
) -> SubscriptionView:
    """One subscription, with how it is doing."""
    with use.database.read() as connection:
        powers = powers_of(connection, who.principal)
        found = seen(connection, powers, subscription)
        shown = shown_to(connection, powers, found)
    known.answer(response, found.revision, is_whole=powers.may_change)
    return shown


@router.post("", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def make_subscription(use: Use, who: Who, body: NewSubscription, response: Response) -> MadeSubscriptionView:
    """Subscribe a department to events that are to come. The answer has the secret that its deliveries are signed
    with, which nobody can show again."""
    at = use.clock.now()
    with use.database.write() as connection:
        powers = powers_of(connection, who.principal)
        owner = body.department or powers.own
        powers.check_may_change(owner)
        if owner is None:
            raise BadInput("whose subscription it is to be is not said", field="department", hint="name a department")
        _check_department(connection, owner)
        wanted = body.wanted(owner, use.days.zone)
        check_url(wanted.url, use.alerts.allowed)
        powers.check_notices(wanted.notices)
        made = subscriptions.add(connection, wanted.made_by_name(who.principal.name), at)
        text = subscription_secrets.make(connection, use.sealing_key, made.id, at)
        detail = {"name": made.name, "target": made.origin}
        who.changed(connection, Act.ADD, "subscription", made.id, departments={owner}, detail=detail)
        shown = shown_to(connection, powers, made)
    response.headers.update({"Location": f"/api/v1/subscriptions/{made.id}", "ETag": tag(made.revision)})
    return MadeSubscriptionView(subscription=shown, text=text)


@router.patch("/{subscription}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT))
def change_subscription(
    use: Use,
    who: Who,
    subscription: SubscriptionInPath,
    body: SubscriptionChange,
    response: Response,
    expected: Expected,
) -> SubscriptionView:
    """Change what is given of a subscription. Whose it is stays: make another one for another department."""
    with use.database.write() as connection:
        powers, before = to_change(connection, who, subscription)
        expected.check(f"subscription {subscription}", before.revision)
        wanted = body.applied_to(before, use.days.zone)
        if wanted.url != before.url:
            check_url(wanted.url, use.alerts.allowed)
        if wanted.notices != before.notices:
            powers.check_notices(wanted.notices)
        after = subscriptions.change(connection, wanted, use.clock.now())
        note_changed(connection, who, before, after)
        shown = shown_to(connection, powers, after)
    response.headers["ETag"] = tag(after.revision)
    return shown


@router.delete(
    "/{subscription}",
    status_code=204,
    responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT),
)
def remove_subscription(use: Use, who: Who, subscription: SubscriptionInPath, expected: Expected) -> None:
    """Tell nothing any more, also not what waits. Its deliveries stay readable for as long as they are kept."""
    with use.database.write() as connection:
        _, before = to_change(connection, who, subscription)
        expected.check(f"subscription {subscription}", before.revision)
        subscriptions.remove(connection, subscription, use.clock.now())
        departments_of, detail = {before.department}, {"name": before.name}
        who.changed(connection, Act.REMOVE, "subscription", subscription, departments=departments_of, detail=detail)


def seen(connection: Transaction, powers: Powers, number: SubscriptionId) -> Subscription:
    """The subscription of that number. Raises `NotFound`, and `Hidden` in the same words where it is another's."""
    found = subscriptions.get(connection, number)
    powers.check_sees(found.department, kind="subscription", number=number)
    return found


def to_change(connection: Transaction, who: Caller, number: SubscriptionId) -> tuple[Powers, Subscription]:
    """A subscription that `who` looks after, and nobody else changes it meanwhile. Raises as `seen` does, and
    `Forbidden` for whoever only reads it."""
    powers = powers_of(connection, who.principal)
    found = subscriptions.get_to_change(connection, number)
    powers.check_sees(found.department, kind="subscription", number=number)
    powers.check_may_change(found.department)
    return powers, found


def shown_to(connection: Transaction, powers: Powers, found: Subscription) -> SubscriptionView:
    """A subscription as the API shows it to whom has these powers."""
    health = health_of(connection, [found])[found.id]
    return view(found, health, Departments(connection), may_change=powers.may_change)


def note_changed(connection: Transaction, who: Caller, before: Subscription, after: Subscription) -> None:
    """Put a change on record, in its own transaction."""
    changed = changed_terms(before, after)
    note_change(connection, who, "subscription", after.id, changed, departments={after.department})


def _check_department(connection: Transaction, number: DepartmentId) -> None:
    try:
        departments.check_exists(connection, number)
    except NotFound as error:
        raise BadInput(error.message, field="department") from None
