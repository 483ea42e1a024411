"""What was answered to requests that may come twice: kept for a day, beside what they did."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import BadInput

from .db import is_sqlite
from .idempotency_table import idempotency

Transaction: TypeAlias = Connection
"""A connection as `Database.write()` gives it, for those who only pass it on."""

KEPT_FOR: Final = timedelta(hours=24)
_PRUNED_AT_ONCE: Final = 50
_UNDER_WAY: Final = 0
"""The status of a request whose transaction is not committed yet: nobody else ever reads it."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: str
    """JSON."""


def begin(connection: Connection, key: str, request: Sequence[str], at: datetime) -> KeptAnswer | None:
    """Claim `key` for a request in this transaction: digests of it by each of the site's keys, the one in force first.
    None: it is the first one, go on and `keep` what is answered; else what was answered to it.

    Of two at once the second waits for the first. Raises `BadInput` where the key was used for another request.
    """
    _prune(connection, key, at)
    dialect = sqlite if is_sqlite(connection) else postgresql
    claim = dialect.insert(idempotency).values(
        key=key, request=request[0], status=_UNDER_WAY, headers="{}", answer="", made_at=at
    )
    claimed = connection.execute(claim.on_conflict_do_nothing().returning(idempotency.c.key)).one_or_none()
    if claimed is not None:
        return None
    row = connection.execute(select(idempotency).where(idempotency.c.key == key)).one()
    if row.request not in request:
        raise BadInput(
            "this Idempotency-Key was used for another request in the last 24 hours",
            field="Idempotency-Key",
            hint="make a new key for each request; repeat a request with the same method, path and body",
        )
    return KeptAnswer(row.status, json.loads(row.headers), row.answer)


def keep(connection: Connection, key: str, answer: KeptAnswer) -> None:
    """Keep what is answered to the request that claimed `key`, in its transaction."""
    values = {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "answer": answer.body}
    connection.execute(update(idempotency).where(idempotency.c.key == key).values(values))


def _prune(connection: Connection, key: str, at: datetime) -> None:
    """Forget `key` if it is old, and a few others that are: each request takes along more than it leaves."""
    old = idempotency.c.made_at < at - KEPT_FOR
    connection.execute(delete(idempotency).where(idempotency.c.key == key, old))
    # Rows that another request is removing are left to it: two never wait for each other.
    some = select(idempotency.c.key).where(old).order_by(idempotency.c.made_at).limit(_PRUNED_AT_ONCE)
    connection.execute(delete(idempotency).where(idempotency.c.key.in_(some.with_for_update(skip_locked=True))))
