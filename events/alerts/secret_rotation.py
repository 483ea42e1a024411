"""Sealing secrets of subscriptions that former keys sealed with the key in force, while everything goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, func, select, update

from core.errors import BadInput
from registry.db import Database
from registry.key_ring import KeyRing

from .subscription import SubscriptionId
from .subscription_secrets import seal, unseal
from .tables import subscription_secret

_BATCH: Final = 200
"""Secrets in one transaction."""


@dataclass(slots=True)
class ResealedSecrets:
    """What became of the secrets that former keys had sealed."""

    sealed: int = 0
    unopened: list[SubscriptionId] = field(default_factory=list)
    """Subscriptions with a secret that no key opens; it stays as it is."""


def reseal_secrets(
    database: Database, keys: KeyRing, report: Callable[[int], None] = lambda _: None
) -> ResealedSecrets:
    """Seal every secret with the key in force, in short transactions; `report` is told how many are done.

    Killed at any moment and called again, it goes on where it was. One that goes meanwhile is left alone. Raises
    `Unavailable` where the database is away.
    """
    done = ResealedSecrets()
    after = 0
    while batch := _batch(database, keys.current.id, after):
        after = batch[-1][0]
        with database.write() as connection:
            for row, number, sealed in batch:
                try:
                    secret = unseal(keys, number, sealed)
                except BadInput:
                    done.unopened.append(number)
                    continue
                values = {"sealed": seal(keys.current, number, secret), "key_id": keys.current.id}
                connection.execute(update(subscription_secret).where(subscription_secret.c.id == row).values(values))
                done.sealed += 1
        report(done.sealed)
    return done


def secrets_by_key(connection: Connection) -> dict[str, int]:
    """How many secrets are sealed with the key of which id."""
    columns = subscription_secret.c
    counted = select(columns.key_id, func.count().label("number")).group_by(columns.key_id)
    return {row.key_id: row.number for row in connection.execute(counted)}


def _batch(database: Database, current: str, after: int) -> Sequence[tuple[int, SubscriptionId, bytes]]:
    """The next secrets that another key than `current` sealed: their rows, subscriptions and sealed bytes."""
    columns = subscription_secret.c
    statement = (
        select(columns.id, columns.subscription, columns.sealed)
        .where(columns.key_id != current, columns.id > after)
        .order_by(columns.id)
        .limit(_BATCH)
    )
    with database.read() as connection:
        return [(row.id, SubscriptionId(row.subscription), row.sealed) for row in connection.execute(statement)]
