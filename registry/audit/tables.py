"""The tables of the record. Rows are only added; a row is sealed by its place in the chain."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from ..columns import Instant, RowNumber
from ..db import metadata

audit_row = Table(
    "audit_row",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("act", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("actor", Integer),
    Column("actor_name", String(128), nullable=False),
    Column("actor_role", String(32)),
    Column("actor_department", Integer),
    Column("address", String(64), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object", String(64), nullable=False),
    Column("camera", Integer),
    Column("purpose", String(500), nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default="{}"),
    sqlite_autoincrement=True,
)
"""One row an act. `actor_kind` is person, key, program or unknown. `detail` is JSON, without secrets. No foreign keys:
the record outlives what it names."""
Index("ix_audit_row_at", audit_row.c.at)
Index("ix_audit_row_act_id", audit_row.c.act, audit_row.c.id)
Index("ix_audit_row_actor_id", audit_row.c.actor_kind, audit_row.c.actor, audit_row.c.id)
Index("ix_audit_row_camera_id", audit_row.c.camera, audit_row.c.id)

audit_department = Table(
    "audit_department",
    metadata,
    Column("department", Integer, primary_key=True, autoincrement=False),
    Column("row", RowNumber, primary_key=True, autoincrement=False),
)
"""Whose cameras, events or people an act touched: each department sees the rows that concern it."""
Index("ix_audit_department_row_department", audit_department.c.row, audit_department.c.department)

audit_unsealed = Table(
    "audit_unsealed",
    metadata,
    Column("row", RowNumber, primary_key=True, autoincrement=False),
)
"""Rows that wait for their seal, which takes them away: whoever adds a row adds it here too. So the sealer finds them
however many there are, also one whose number is lower than those of rows that were committed before it."""

audit_seal = Table(
    "audit_seal",
    metadata,
    Column("place", RowNumber, primary_key=True, autoincrement=False),
    Column("row", RowNumber, nullable=False, unique=True),
    Column("hash", LargeBinary(32), nullable=False),
)
"""The chain: places count from 1 without a gap; each hash covers the one before and the row with its departments."""

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("place", RowNumber, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""The chain's hash at a place, signed. One kept elsewhere proves what the record was then."""

audit_pruned = Table(
    "audit_pruned",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("place", RowNumber, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""One row once rows were pruned: the checkpoint up to which, whose hash the chain goes on from."""
