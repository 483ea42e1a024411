"""Subscriptions: made, changed, paused, resumed, removed, and found by whose they are."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from registry.names import check_name
from registry.page import Page
from registry.tables import department as departments
from registry.taken import conflict_if_taken

from ..index import changes
from ..index.checking import check
from ..index.event_filter import EventFilter
from .subscription import Grouping, Subscription, SubscriptionId, SubscriptionState
from .subscription_rows import subscription_of, values_of
from .tables import subscription, subscription_secret

MOST_OF_A_DEPARTMENT: Final = 200
LONGEST_COOL_DOWN: Final = timedelta(days=1)
BEFORE_ALL: Final = SubscriptionId(0)
UNSAVED: Final = SubscriptionId(0)
_LONGEST_REASON: Final = 512
_LIVING = subscription.c.deleted_at.is_(None)


def add(connection: Connection, wanted: Subscription, at: datetime) -> Subscription:
    """A new subscription, which is told what happens from now on; its target was checked by `targets.check_url`.

    Raises `BadInput` for what does not go together, `Conflict` for a taken name and for one more than a department may
    have.
    """
    draft = replace(_checked(wanted), after_seq=changes.latest(connection), made_at=at, changed_at=at, revision=1)
    _check_room(connection, draft.department)
    with conflict_if_taken(connection, _taken(draft)):
        statement = insert(subscription).values(values_of(draft)).returning(subscription.c.id)
        number = connection.execute(statement).scalar_one()
    return replace(draft, id=SubscriptionId(number))


def get(connection: Connection, number: SubscriptionId) -> Subscription:
    """The subscription of that number. Raises `NotFound`."""
    return _found(connection, number, lock=False)


def get_to_change(connection: Connection, number: SubscriptionId) -> Subscription:
    """The same, and nobody else changes it until this transaction ends. Raises `NotFound`."""
    return _found(connection, number, lock=True)


def owner_of(connection: Connection, number: SubscriptionId) -> DepartmentId:
    """The department of that subscription, also of one that was removed. Raises `NotFound`."""
    found = connection.execute(
        select(subscription.c.department).where(subscription.c.id == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"there is no subscription {number}")
    return DepartmentId(found)


def list_subscriptions(
    connection: Connection,
    *,
    departments: Collection[DepartmentId] | None = None,
    state: SubscriptionState | None = None,
    cursor: SubscriptionId = BEFORE_ALL,
    limit: int = 100,
) -> Page[Subscription, SubscriptionId]:
    """Subscriptions by number, after `cursor`: of `departments` (None: of all)."""
    columns = subscription.c
    statement = select(subscription).where(_LIVING, columns.id > cursor).order_by(columns.id).limit(limit + 1)
    if departments is not None:
        statement = statement.where(columns.department.in_(departments))
    if state is not None:
        statement = statement.where(columns.state == state.value)
    found = [subscription_of(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def every(connection: Connection) -> list[Subscription]:
    """All that there are, by number."""
    return [
        subscription_of(row)
        for row in connection.execute(select(subscription).where(_LIVING).order_by(subscription.c.id))
    ]


def change(connection: Connection, changed: Subscription, at: datetime) -> Subscription:
    """Make the subscription of that number what `changed` says; its department stays. Errors as for `add`. Where
    nothing is different nothing happens."""
    before = get_to_change(connection, changed.id)
    after = _checked(replace(changed, department=before.department, changed_at=before.changed_at))
    after = replace(after, revision=before.revision)
    if after == before:
        return before
    after = replace(after, revision=before.revision + 1, changed_at=at)
    with conflict_if_taken(connection, _taken(after)):
        connection.execute(update(subscription).where(subscription.c.id == after.id).values(values_of(after)))
    return after


def pause(connection: Connection, number: SubscriptionId, at: datetime) -> Subscription:
    """Send nothing until it is resumed: what is to be told waits. Repeated, it changes nothing. Raises `NotFound`."""
    return _put(connection, number, SubscriptionState.PAUSED, "", at)


def resume(connection: Connection, number: SubscriptionId, at: datetime) -> Subscription:
    """Send again, also what has waited. Repeated, it changes nothing. Raises `NotFound`."""
    return _put(connection, number, SubscriptionState.ACTIVE, "", at)


def stop(connection: Connection, number: SubscriptionId, reason: str, at: datetime) -> Subscription:
    """Send nothing any more, since the receiver does not want it; `reason` says so. One that was paused stays so.
    Raises `NotFound`."""
    if get_to_change(connection, number).state is not SubscriptionState.ACTIVE:
        return get(connection, number)
    return _put(connection, number, SubscriptionState.STOPPED, reason[:_LONGEST_REASON], at)


def remove(connection: Connection, number: SubscriptionId, at: datetime) -> None:
    """Remove a subscription with its secrets; its deliveries stay readable for who has their numbers. Raises
    `NotFound`."""
    found = get_to_change(connection, number)
    connection.execute(
        update(subscription).where(subscription.c.id == found.id).values(deleted_at=at, revision=found.revision + 1)
    )
    connection.execute(subscription_secret.delete().where(subscription_secret.c.subscription == found.id))


def _put(
    connection: Connection, number: SubscriptionId, state: SubscriptionState, reason: str, at: datetime
) -> Subscription:
    before = get_to_change(connection, number)
    if before.state is state:
        return before
    return change(connection, replace(before, state=state, state_reason=reason), at)


def _found(connection: Connection, number: SubscriptionId, *, lock: bool) -> Subscription:
    statement = select(subscription).where(subscription.c.id == number, _LIVING)
    if lock:  # deliveries that are made meanwhile refer to it, and need not wait
        statement = statement.with_for_update(key_share=True)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFound(f"there is no subscription {number}")
    return subscription_of(row)


def _check_room(connection: Connection, department: DepartmentId) -> None:
    """Raises `Conflict` where the department has as many as it may have. Of two that are made at once the second waits
    for the first."""
    connection.execute(select(departments.c.id).where(departments.c.id == department).with_for_update(key_share=True))
    counted = select(func.count()).select_from(subscription).where(subscription.c.department == department, _LIVING)
    if connection.execute(counted).scalar_one() >= MOST_OF_A_DEPARTMENT:
        raise Conflict(
            f"department {department} has {MOST_OF_A_DEPARTMENT} subscriptions already",
            hint="remove one that is not needed any more, or let one have a wider filter",
        )


def _checked(wanted: Subscription) -> Subscription:
    if not wanted.moments:
        raise BadInput("a subscription names no moment; expected started, ended or both", field="moments")
    if not timedelta(0) <= wanted.cool_down <= LONGEST_COOL_DOWN:
        raise BadInput(
            f"the cool-down is {wanted.cool_down.total_seconds():g} s; expected 0 to 86400", field="cool_down_s"
        )
    if wanted.grouping is not Grouping.EVENT and wanted.cool_down < timedelta(seconds=1):
        raise BadInput(
            f"grouping by {wanted.grouping.value} needs a cool-down: for how long what follows the first event is held",
            field="cool_down_s",
            hint="60 tells of a group at most once a minute",
        )
    if wanted.grouping is Grouping.EVENT and wanted.cool_down:
        raise BadInput(
            "a cool-down means nothing where each event is told by itself",
            field="cool_down_s",
            hint="make it 0, or group by camera, rule or subscription",
        )
    _check_filter(wanted.filter)
    return replace(wanted, name=check_name(wanted.name, "a subscription"))


def _check_filter(asked: EventFilter) -> None:
    """Raises `BadInput` for a filter that no search would take."""
    try:
        check(asked)
    except BadInput as error:
        raise BadInput(error.message, field=f"filter.{error.field or ''}".rstrip("."), hint=error.hint) from None


def _taken(some: Subscription) -> str:
    return f"department {some.department} has a subscription {some.name!r} already"
