"""The table of the track log."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from registry.columns import Instant
from registry.db import metadata

track_chunk = Table(
    "track_chunk",
    metadata,
    Column("camera", Integer, primary_key=True, autoincrement=False),
    Column("minute", Instant, primary_key=True, autoincrement=False),
    Column("looks", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""One row for each camera and minute in which it was looked at: how many looks, and their tracks, compressed. `minute`
is its start. No foreign key: the log of a removed camera goes by its age."""
Index("ix_track_chunk_minute", track_chunk.c.minute)
"""Old rows are found, and removed, by this."""
