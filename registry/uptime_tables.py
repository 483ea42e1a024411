"""The tables of how streams were doing: span by span, and summed up by day."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from .columns import Instant, RowNumber
from .db import metadata

stream_spell = Table(
    "stream_spell",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("from_at", Instant, primary_key=True, autoincrement=False),
    Column("until_at", Instant),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("worker", Integer),
    Column("counted_to", Instant),
)
"""How the detect stream of a camera was doing, span by span; the one without an end goes on. No foreign key: what was
stays. `worker` said so, null for `unwatched`. Up to `counted_to` it is in `uptime_day`; null: all of it is."""
Index(
    "uq_stream_spell_camera_open",
    stream_spell.c.camera,
    unique=True,
    sqlite_where=text("until_at IS NULL"),
    postgresql_where=text("until_at IS NULL"),
)
Index(
    "ix_stream_spell_uncounted",
    stream_spell.c.camera,
    stream_spell.c.counted_to,
    stream_spell.c.until_at,
    stream_spell.c.state,
    stream_spell.c.worker,
    sqlite_where=text("counted_to IS NOT NULL"),
    postgresql_where=text("counted_to IS NOT NULL"),
)
Index("ix_stream_spell_until_at", stream_spell.c.until_at)

uptime_day = Table(
    "uptime_day",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("department", Integer, primary_key=True, autoincrement=False),
    Column("region", String(12), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("milliseconds", RowNumber, nullable=False),
    sqlite_with_rowid=False,
)
"""How long a camera's stream was in a state on a day (days since 1970 in the city's time zone): what is counted of its
spells. `department` owned the camera then; `region` is where it stood when that was counted, empty for nowhere."""
Index("ix_uptime_day_camera_day", uptime_day.c.camera, uptime_day.c.day)

uptime_sum = Table(
    "uptime_sum",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("department", Integer, primary_key=True, autoincrement=False),
    Column("region", String(12), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("milliseconds", RowNumber, nullable=False),
    sqlite_with_rowid=False,
)
"""`uptime_day` over all cameras: written with it, in one transaction."""
