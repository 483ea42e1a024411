"""The table of flows: crossings of lines, counted by minute."""

from sqlalchemy import Column, Index, Integer, SmallInteger, Table

from registry.columns import Instant
from registry.db import metadata

flow_count = Table(
    "flow_count",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("rule", Integer, primary_key=True, autoincrement=False),
    Column("minute", Instant, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("direction", SmallInteger, primary_key=True, autoincrement=False),
    Column("label", SmallInteger, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""One row for each minute, line, direction and label with at least one crossing. `minute` is its start, `direction` one
of `events.directions.NUMBERS`, `label` a number of the index's table `label`. The key begins with camera, rule and
minute: a flow is asked for by these.

No foreign keys: counts of a rule that was removed stay until they are old.
"""
Index("ix_flow_count_minute", flow_count.c.minute)
"""Old counts are found, and removed, by this."""
