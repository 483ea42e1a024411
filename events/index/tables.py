"""The event index's tables.

Rows are small, so that ten million stay quick: names stand once in word tables, shares are whole ten-thousandths,
and when an event started is part of its id.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, Text, text

from registry.columns import Instant, RowNumber
from registry.db import metadata

label = Table(
    "label",
    metadata,
    Column("id", SmallInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)
event_kind = Table(
    "event_kind",
    metadata,
    Column("id", SmallInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)
rule_name = Table(
    "rule_name",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
)

LASTED_US = "(coalesce(ended_at, last_seen_at) - ((id >> 22) * 1000 + 1704067200000000))"
"""How long a row of `event` lasted, as far as is known, in microseconds: until it ended, or was last seen. When it
started is milliseconds since `EVENT_EPOCH`, above the 22 bits of its camera."""
IS_LONG = f"{LASTED_US} > 3600000000"
"""Whether it lasted for more than an hour. Those are few: what was going on at a moment is one of them, or started less
than an hour before."""

event = Table(
    "event",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("camera", Integer, nullable=False),
    Column("department", Integer, nullable=False),
    Column("label", SmallInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("zone", Integer),
    Column("rule", Integer, nullable=False),
    Column("rule_name", Integer, nullable=False),
    Column("track", Integer),
    Column("score", SmallInteger),
    Column("box_left", SmallInteger),
    Column("box_top", SmallInteger),
    Column("box_right", SmallInteger),
    Column("box_bottom", SmallInteger),
    Column("last_seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_reason", String(16)),
)
"""One row an event, in its newest version. `score` and the box are in 1/10,000. The department is the owner for ever.
`track`, `score` and box are null where the event is not one object's, and nothing of the kind is known.

No foreign keys: whoever writes looks the camera up anyway, and rows of the registry that events name are never removed.
"""
LASTING_COLUMNS = ("id", "ended_at", "last_seen_at", "department", "label", "kind", "severity")
"""What is known of a row that lasted for long without looking it up."""
SEARCH_INDEXES = (
    Index("ix_event_label_id", event.c.label, event.c.id),
    Index("ix_event_camera_id", event.c.camera, event.c.id),
    Index("ix_event_department_id", event.c.department, event.c.id),
    Index("ix_event_department_label_id", event.c.department, event.c.label, event.c.id),
    Index("ix_event_camera_label_id", event.c.camera, event.c.label, event.c.id),
    Index("ix_event_kind_id", event.c.kind, event.c.id),
    Index("ix_event_severity_id", event.c.severity, event.c.id),
    # For programs of the form before 0007, which ask SQLite for it by its name.
    Index("ix_event_long", event.c.id, sqlite_where=text(IS_LONG), postgresql_where=text(IS_LONG)),
    Index(
        "ix_event_lasting",
        *(event.c[name] for name in LASTING_COLUMNS),
        sqlite_where=text(IS_LONG),
        postgresql_where=text(IS_LONG),
    ),
)
"""A bulk load may drop these and make them anew."""
Index(
    "ix_event_open",
    event.c.camera,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

event_detail = Table(
    "event_detail",
    metadata,
    Column("event", RowNumber, primary_key=True, autoincrement=False),
    Column("line", Integer),
    Column("direction", SmallInteger),
    Column("count", Integer),
    Column("course", Text),
)
"""What few events have, or few readers need, and no search goes by: rows of `event` stay small without it. An event
that has nothing of it has no row. `direction` is one of `events.directions.NUMBERS`; `course` is JSON as
`courses.course_text` writes it."""

event_interruption = Table(
    "event_interruption",
    metadata,
    Column("event", RowNumber, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
"""How often an event was closed for a worker that did not answer any more. The stored version is the worker's own plus
this: should it come back, what it knows better is newer still."""

fenced_event = Table(
    "fenced_event",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("started_at", Instant, nullable=False),
    Column("fenced_at", Instant, nullable=False, index=True),
)
"""Events that were not accepted: their epoch was not in force when they started. One row each, also for repeats."""

outage = Table(
    "outage",
    metadata,
    Column("event", RowNumber, primary_key=True, autoincrement=False),
    Column("department", Integer, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("uplink", String(256), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
"""One uplink's loss: its lost streams are one event, of the first of them."""
Index("ix_outage_uplink_ended_at", outage.c.uplink, outage.c.ended_at)

outage_member = Table(
    "outage_member",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("event", BigInteger, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("interruptions", Integer, nullable=False),
    Column("lost_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("end_reason", String(16)),
)
"""A camera's lost stream, as its rule book made it (`epoch` and `n` are its origin, `version` is the worker's own),
within the event of its uplink. That one's version is the sum of those of its members and of their interruptions."""

event_change = Table(
    "event_change",
    metadata,
    Column("seq", RowNumber, primary_key=True),
    Column("event", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""One row a write, in the order of the commits."""
