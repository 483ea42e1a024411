"""The secrets of several subscriptions at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, or_, select

from core.errors import BadInput
from registry.key_ring import KeyRing

from .subscription import SubscriptionId
from .subscription_secrets import unseal
from .tables import subscription_secret


def secrets_in_force(
    connection: Connection, keys: KeyRing, numbers: Collection[SubscriptionId], at: datetime
) -> dict[SubscriptionId, list[bytes]]:
    """What each of these subscriptions signs with at `at`, newest first; nothing where a secret cannot be opened."""
    columns = subscription_secret.c
    signs = or_(columns.ends_at.is_(None), columns.ends_at > at)
    statement = select(columns.subscription, columns.sealed).where(columns.subscription.in_(numbers), signs)
    found: dict[SubscriptionId, list[bytes]] = {number: [] for number in numbers}
    shut: set[SubscriptionId] = set()
    for row in connection.execute(statement.order_by(columns.id.desc())):
        number = SubscriptionId(row.subscription)
        try:
            found[number].append(unseal(keys, number, row.sealed))
        except BadInput:
            shut.add(number)
    return {number: [] if number in shut else secrets for number, secrets in found.items()}
