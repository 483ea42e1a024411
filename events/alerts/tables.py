"""The tables of subscriptions and deliveries."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from registry.columns import Instant, RowNumber
from registry.db import metadata

subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("department", ForeignKey("department.id"), nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("url", String(2048), nullable=False),
    Column("filter", Text, nullable=False),
    Column("min_severity", SmallInteger, nullable=False),
    Column("hours", Text, nullable=False),
    Column("moments", String(32), nullable=False),
    Column("group_by", String(16), nullable=False),
    Column("cool_down_s", Integer, nullable=False),
    Column("with_picture", Boolean, nullable=False, server_default=true()),
    Column("state", String(16), nullable=False),
    Column("state_reason", String(512), nullable=False, server_default=""),
    Column("after_seq", BigInteger, nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("notices", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)
"""Who is told of what, where. `filter` and `hours` are JSON, `min_severity` the least urgent one that is told (4: all),
`moments` is `started`, `ended` or `started,ended`, `group_by` one of `subscription.Grouping`. Changes up to number
`after_seq` are not for it. A removed one keeps its row, so that its deliveries stay readable. One with `notices` is
told of the system's own troubles, too."""
Index(
    "uq_subscription_department_name_living",
    subscription.c.department,
    subscription.c.name,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

subscription_secret = Table(
    "subscription_secret",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", ForeignKey("subscription.id"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant),
    sqlite_autoincrement=True,
)
"""What deliveries are signed with: the newest one, and beside it those before it until `ends_at`. Sealed by the sealing
key, whose id is `key_id`."""

alert_cursor = Table(
    "alert_cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("matched", BigInteger, nullable=False),
)
"""One row: up to which change all was matched, and how many changes that were."""

alert_group = Table(
    "alert_group",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("subscription", ForeignKey("subscription.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("until_at", Instant, nullable=False, index=True),
    Column("delivery", BigInteger),
    UniqueConstraint("subscription", "key"),
    sqlite_autoincrement=True,
)
"""A group that was told of: what else happens in it until `until_at` is held, and told together then, by `delivery`,
which is made for the first of it and due at `until_at`."""

delivery = Table(
    "delivery",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("subscription", ForeignKey("subscription.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("event", BigInteger),
    Column("version", Integer),
    Column("moment", String(16), nullable=False),
    Column("message_id", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(512), nullable=False, server_default=""),
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_by", String(64)),
    Column("claimed_until", Instant),
    Column("first_try_at", Instant),
    Column("ended_at", Instant),
    Column("replay_of", BigInteger),
    Column("notice", BigInteger),
    sqlite_autoincrement=True,
)
"""One thing to tell one subscription. `kind` is one of `deliveries.DeliveryKind`; one of a group has its events in
`delivery_event`, and the first of them in `event`. `message_id` is what the receiver knows it by: a replay has that of
what it repeats. `made_at` is by the database's clock; so are the other instants."""
Index("ix_delivery_subscription_made_at", delivery.c.subscription, delivery.c.made_at, delivery.c.id)
Index(
    "ix_delivery_ended",
    delivery.c.subscription,
    delivery.c.state,
    delivery.c.ended_at,
    sqlite_where=text("ended_at IS NOT NULL"),
    postgresql_where=text("ended_at IS NOT NULL"),
)
Index("ix_delivery_event", delivery.c.event)
Index(
    "ix_delivery_due",
    delivery.c.subscription,
    delivery.c.due_at,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

delivery_event = Table(
    "delivery_event",
    metadata,
    Column("delivery", ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("moment", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
)
"""The events of a delivery that tells of several, and which moments of them."""

told = Table(
    "alert_told",
    metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("subscription", ForeignKey("subscription.id"), primary_key=True),
    Column("moment", String(16), primary_key=True),
)
"""Which moments of which events a subscription has been told, or will be: none is told twice."""

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    Column("delivery", ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("status", SmallInteger),
    Column("error", String(512), nullable=False),
    Column("answer", String(512), nullable=False),
)
"""What became of each attempt: the receiver's status, or why there was none, and how its answer began."""

alert_endpoint = Table(
    "alert_endpoint",
    metadata,
    Column("origin", String(512), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("shut_until", Instant),
    Column("reason", String(512), nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""The circuit of a receiver: scheme, host and port; after some failures in a row nothing is sent there until
`shut_until`, and then one delivery as a trial."""
