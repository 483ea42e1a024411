"""The tables of imports: what was read from files of cameras, row by row."""

from sqlalchemy import Boolean, Column, Double, ForeignKey, Integer, String, Table, Text, false

from .columns import Instant
from .db import metadata

camera_import = Table(
    "camera_import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", String(256), nullable=False),
    Column("state", String(16), nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("total", Integer),
    Column("done", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("fault", Text),
    Column("ignored", Text, nullable=False, server_default="[]"),
    Column("share", Double, nullable=False, server_default="0"),
    Column("heartbeat_at", Instant),
    Column("stop_asked", Boolean, nullable=False, server_default=false()),
    Column("maker", String(32), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
"""`total` is known at the end. `fault` says why one failed, `ignored` is JSON: the columns that mean nothing here,
`share` how much of the file was read; `heartbeat_at` is when the program that runs it was last heard of, by the
database's clock; `stop_asked` tells it to leave off; `maker` is who began it (`person 3`), whom alone it is shown."""

camera_import_row = Table(
    "camera_import_row",
    metadata,
    Column("import", ForeignKey("camera_import.id", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("verdict", String(16), nullable=False),
    Column("camera", Integer),
    Column("details", Text, nullable=False),
)
"""A verdict for each row of a file; `details` is JSON: what changed, or what was found and what was expected."""
