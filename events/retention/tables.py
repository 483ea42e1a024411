"""The tables of what is kept for how long: rules, holds, quotas, and how far the removal has come."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, text

from registry.columns import Instant
from registry.db import metadata

retention_rule = Table(
    "retention_rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(96), nullable=False, unique=True),
    Column("department", ForeignKey("department.id")),
    Column("kind", String(32)),
    Column("medium", String(16), nullable=False),
    Column("days", Integer),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)
"""For how many days something is kept: `medium` is one of `retention.medium.Medium`, of events of `kind` (none: of all
kinds) of `department` and all below it (none: of the city). No `days`: for ever. `key` is `department/kind/medium`,
with nothing for none: there is one rule of each."""

retention_mark = Table(
    "retention_mark",
    metadata,
    Column("department", ForeignKey("department.id"), primary_key=True),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column("medium", String(16), primary_key=True),
    Column("upto", BigInteger, nullable=False),
)
"""Up to which event all of that medium is gone already, or held, by the events' owner and kind (its number): what is
looked for again and again begins there. A hold that is released takes the marks back."""

retention_watch = Table(
    "retention_watch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("looked_at", Instant, nullable=False),
    Column("since_at", Instant),
    Column("leapt_from", Instant),
)
"""One row: when somebody last looked at the time for retention; since when nothing goes by its age, since the clock
leapt then (from `leapt_from`), or the first look was then (without)."""

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("department", ForeignKey("department.id"), index=True),
    Column("event", BigInteger),
    Column("camera", ForeignKey("camera.id"), index=True),
    Column("on_department", ForeignKey("department.id")),
    Column("from_at", Instant),
    Column("until_at", Instant),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("released_by", String(128)),
    Column("released_at", Instant),
    Column("released_why", String(500)),
    sqlite_autoincrement=True,
)
"""What must not be removed, whatever its age: one `event`; or all that happened on a `camera`, or on the cameras of
`on_department` and all below it, from `from_at` (none: from the beginning) to `until_at` (none: also what comes). It
covers the events, their media, the tracks of that time, and the rows of the record about them. `department` is whose
hold it is; none: the city's."""
Index(
    "ix_legal_hold_in_force",
    legal_hold.c.id,
    sqlite_where=text("released_at IS NULL"),
    postgresql_where=text("released_at IS NULL"),
)

department_quota = Table(
    "department_quota",
    metadata,
    Column("department", ForeignKey("department.id"), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant, nullable=False),
)
"""How many bytes of media a department, without those below it, may keep: past that its oldest unheld ones go."""

media_usage = Table(
    "media_usage",
    metadata,
    Column("department", ForeignKey("department.id"), primary_key=True),
    Column("medium", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("held_bytes", BigInteger, nullable=False),
    Column("counted_at", Instant, nullable=False),
)
"""How many media there were, and how many bytes they had, when they were last counted."""
