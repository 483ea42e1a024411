"""The media table: what there is to see of an event."""

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Double, Index, Integer, String, Table, Text, text

from registry.columns import Instant
from registry.db import metadata

from .kind import MediaKind as MediaKind


class MediaState(StrEnum):
    """Whether it can be seen."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


event_media = Table(
    "event_media",
    metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("blob_key", Text),
    Column("bytes", BigInteger),
    Column("seconds", Double),
    Column("width", Integer),
    Column("height", Integer),
    Column("made_at", Instant),
    Column("sha256", String(64)),
    Column("spooled_at", Instant),
    Column("doomed_at", Instant),
    sqlite_with_rowid=False,
)
"""One row for each medium that was tried; no row means that there is none. `seconds` is how long a clip plays.
`sha256` is of the blob, in hexadecimal, where it is known. A pending one with `spooled_at` is made: it lies on its
worker's disk until the store takes it. Since `doomed_at` it is being removed: the blob goes first, then the row."""
Index(
    "ix_event_media_pending",
    event_media.c.event,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)
"""What a worker that died left half-done is found by this, however many media there are."""
Index(
    "ix_event_media_doomed",
    event_media.c.doomed_at,
    sqlite_where=text("doomed_at IS NOT NULL"),
    postgresql_where=text("doomed_at IS NOT NULL"),
)
Index(
    "ix_event_media_masked_clip",
    event_media.c.event,
    sqlite_where=text("kind = 'masked_clip'"),
    postgresql_where=text("kind = 'masked_clip'"),
)
"""Few clips are played, and at any time after their event: those that are there are found by this."""
