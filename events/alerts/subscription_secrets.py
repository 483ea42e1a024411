"""What deliveries are signed with: the secrets of subscriptions, sealed and bound to their subscription.

They are written as Standard Webhooks says: `whsec_` and 32 random bytes in base64.
"""

import base64
import os
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from core.errors import BadInput, Conflict
from registry.key_ring import KeyRing
from registry.sealing import Sealing
from registry.sealing_key import SealingKey

from .subscription import SubscriptionId
from .tables import subscription_secret

USUAL_OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=7)
MOST_IN_FORCE: Final = 5
"""So that a delivery is never signed more often than this."""
BEGINNING: Final = "whsec_"
_BYTES: Final = 32
_SEALING: Final = Sealing("subscription secrets")


def make(connection: Connection, keys: KeyRing, number: SubscriptionId, at: datetime) -> str:
    """A new secret of a subscription, in force from `at` on beside those that it has: its text, which nobody can show
    again."""
    secret = os.urandom(_BYTES)
    key = keys.current
    values = {"subscription": number, "sealed": seal(key, number, secret), "key_id": key.id, "made_at": at}
    connection.execute(insert(subscription_secret).values(values))
    return text_of(secret)


def rotate(
    connection: Connection,
    keys: KeyRing,
    number: SubscriptionId,
    at: datetime,
    overlap: timedelta = USUAL_OVERLAP,
) -> str:
    """A new secret in place of those before it, which go on signing for `overlap`. Its text, which nobody can show
    again. To be called by who has the subscription to change.

    Raises `BadInput` for an overlap below 0 or of more than seven days, `Conflict` where five are in force.
    """
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise BadInput(
            f"the overlap is {overlap.total_seconds():g} s; expected 0 to {LONGEST_OVERLAP.total_seconds():g}",
            field="overlap_s",
        )
    columns = subscription_secret.c
    ends_at = at + overlap
    later = columns.subscription == number, or_(columns.ends_at.is_(None), columns.ends_at > ends_at)
    connection.execute(update(subscription_secret).where(*later).values(ends_at=ends_at))
    connection.execute(delete(subscription_secret).where(columns.subscription == number, columns.ends_at <= at))
    counted = select(func.count()).select_from(subscription_secret).where(columns.subscription == number)
    if connection.execute(counted).scalar_one() >= MOST_IN_FORCE:
        raise Conflict(
            f"{MOST_IN_FORCE} secrets of subscription {number} are in force already",
            hint="wait until the overlap of one is over, or rotate with an overlap of 0, which ends all of them",
        )
    return make(connection, keys, number, at)


def in_force(connection: Connection, keys: KeyRing, number: SubscriptionId, at: datetime) -> list[bytes]:
    """The secrets that sign at `at`, 32 bytes each, newest first. Raises `BadInput` where none of `keys` opens one."""
    columns = subscription_secret.c
    statement = select(columns.sealed).where(columns.subscription == number, _signs(at)).order_by(columns.id.desc())
    return [unseal(keys, number, sealed) for sealed in connection.scalars(statement)]


def others_end_at(connection: Connection, number: SubscriptionId, at: datetime) -> datetime | None:
    """Until when the last of those before the newest secret signs too; None: the newest one signs alone."""
    columns = subscription_secret.c
    statement = select(func.max(columns.ends_at)).where(columns.subscription == number, columns.ends_at > at)
    ends_at: datetime | None = connection.execute(statement).scalar_one()
    return ends_at


def text_of(secret: bytes) -> str:
    """A secret as Standard Webhooks writes it."""
    return BEGINNING + base64.b64encode(secret).decode()


def seal(key: SealingKey, number: SubscriptionId, secret: bytes) -> bytes:
    """`secret`, readable only with `key`, and only as one of that subscription."""
    return _SEALING.seal(key, number, secret)


def unseal(keys: KeyRing, number: SubscriptionId, sealed: bytes) -> bytes:
    """The secret in `sealed`. Raises `BadInput` where none of `keys`, or another subscription, is what it was sealed
    with."""
    opened = _SEALING.open(keys, number, sealed)
    if opened is None:
        raise BadInput(
            f"the secret of subscription {number} cannot be opened with this sealing key",
            hint="restore keys/sealing.key from the backup that belongs to this database, or rotate the secret",
        )
    return opened[1]


def _signs(at: datetime) -> ColumnElement[bool]:
    return or_(subscription_secret.c.ends_at.is_(None), subscription_secret.c.ends_at > at)
