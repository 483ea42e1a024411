"""The table of notices."""

from sqlalchemy import Column, Index, String, Table, text

from registry.columns import Instant, RowNumber
from registry.db import metadata

LONGEST_SUBJECT = 256
LONGEST_DETAIL = 512

notice = Table(
    "system_notice",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(LONGEST_SUBJECT), nullable=False),
    Column("detail", String(LONGEST_DETAIL), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    sqlite_autoincrement=True,
)
"""A trouble of the system itself, from its beginning to its end: a disk that is full, a store that is away. `subject`
is what has it: a machine's folder, a store's address. At most one of a kind and subject goes on at a time."""
OPEN = text("ended_at IS NULL")
Index(
    "uq_system_notice_kind_subject_open",
    notice.c.kind,
    notice.c.subject,
    unique=True,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)
