"""Lasting events: an index that holds all that most searches ask of an event which lasted for more than an hour.

It only adds: programs of the form before go on while it runs, and after it; on PostgreSQL events can be read meanwhile,
and whoever writes some waits until it is made. They ask SQLite for `ix_event_long` by its name, which therefore stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LONG = sa.text("(coalesce(ended_at, last_seen_at) - ((id >> 22) * 1000 + 1704067200000000)) > 3600000000")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE")
    op.create_index(
        "ix_event_lasting",
        "event",
        ["id", "ended_at", "last_seen_at", "department", "label", "kind", "severity"],
        unique=False,
        sqlite_where=_LONG,
        postgresql_where=_LONG,
    )
