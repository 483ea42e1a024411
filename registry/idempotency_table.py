"""The table of requests that may be sent twice."""

from sqlalchemy import Column, SmallInteger, String, Table, Text

from .columns import Instant
from .db import metadata

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("headers", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
)
"""What was answered to a request with an `Idempotency-Key`, written with what it did. `request` is a keyed digest of
method, path and body."""
