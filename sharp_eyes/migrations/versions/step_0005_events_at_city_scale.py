"""Events at city scale: tallies of events, more ways to search, subscriptions and deliveries.

It only adds: programs of the form before go on writing while it runs, and after it.
"""

# ruff: noqa: S608 - constant text

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVING = sa.text("deleted_at IS NULL")
_OPEN = sa.text("ended_at IS NULL")
_ENDED = sa.text("ended_at IS NOT NULL")
_ROOM = {"fillfactor": 70}
"""The rows of this hour and day change all the time: with room on its page a row's new version needs no index entry."""
_TALLY_KEY = "grain, start, department, label, kind, severity"
_HOUR = "({0}.id >> 22) / 3600000"
"""An id's milliseconds stand above the 22 bits of its camera."""
_DAY = "({0}.id >> 22) / 86400000"
_TEN_DAYS = "({0}.id >> 22) / 864000000"
_GRAINS = ((1, _HOUR), (24, _DAY), (240, _TEN_DAYS))
_SUMMED = "CAST(sum(events) AS bigint)"
_FILL = (
    f"""INSERT INTO event_tally ({_TALLY_KEY}, count)
        WITH fine AS MATERIALIZED (
            SELECT {_HOUR.format("event")} AS start, department, label, kind, severity, count(*) AS events
            FROM event GROUP BY 1, 2, 3, 4, 5
        ), daily AS MATERIALIZED (
            SELECT start / 24 AS start, department, label, kind, severity, {_SUMMED} AS events
            FROM fine GROUP BY 1, 2, 3, 4, 5
        ), spells AS MATERIALIZED (
            SELECT start / 10 AS start, department, label, kind, severity, {_SUMMED} AS events
            FROM daily GROUP BY 1, 2, 3, 4, 5
        ) """
    + " UNION ALL ".join(
        f"""SELECT {grain}, start, department, label, kind, severity, events FROM {name}
            UNION ALL SELECT {grain}, start, department, 0, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 3, 5, 6
            UNION ALL SELECT {grain}, start, 0, label, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 4, 5, 6
            UNION ALL SELECT {grain}, start, 0, 0, kind, severity, {_SUMMED} FROM {name} GROUP BY 2, 5, 6"""
        for name, grain in (("fine", 1), ("daily", 24), ("spells", 240))
    ),
    f"""INSERT INTO camera_tally (camera, day, label, count)
        SELECT camera, {_DAY.format("event")}, label, count(*) FROM event GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
)


def _sqlite_count(row: str, step: int) -> str:
    """Statements of a trigger that count the event `row`, new or old, once more or once less."""
    keys = [
        f"{grain}, {start.format(row)}, {department}, {label}, {row}.kind, {row}.severity"
        for grain, start in _GRAINS
        for department in ("0", f"{row}.department")
        for label in ("0", f"{row}.label")
    ]
    values = ", ".join(f"({key}, {step})" for key in keys)
    camera, of_event = (
        f"{row}.camera, {_DAY.format(row)}, {row}.label",
        f"kind = {row}.kind AND severity = {row}.severity",
    )
    added = "ON CONFLICT DO UPDATE SET count = count + excluded.count;"
    statements = [
        f"INSERT INTO event_tally ({_TALLY_KEY}, count) VALUES {values} {added}",
        f"INSERT INTO camera_tally (camera, day, label, count) VALUES ({camera}, {step}) {added}",
    ]
    if step < 0:
        statements += [
            f"""DELETE FROM event_tally WHERE grain = {grain} AND start = {start.format(row)}
                AND department IN (0, {row}.department) AND label IN (0, {row}.label) AND {of_event} AND count = 0;"""
            for grain, start in _GRAINS
        ]
        statements.append(f"DELETE FROM camera_tally WHERE (camera, day, label) = ({camera}) AND count = 0;")
    return " ".join(statements)


_COUNTED = ("id", "camera", "department", "label", "kind", "severity")
_SQLITE_TRIGGERS = (
    f"CREATE TRIGGER event_tally_added AFTER INSERT ON event BEGIN {_sqlite_count('new', 1)} END",
    f"""CREATE TRIGGER event_tally_changed AFTER UPDATE OF {", ".join(_COUNTED)} ON event
        WHEN {" OR ".join(f"old.{column} <> new.{column}" for column in _COUNTED)}
        BEGIN {_sqlite_count("new", 1)} {_sqlite_count("old", -1)} END""",
    f"CREATE TRIGGER event_tally_gone AFTER DELETE ON event BEGIN {_sqlite_count('old', -1)} END",
)


def _postgresql_function(name: str, source: str, *, forgets: bool) -> str:
    """A function of a trigger that counts the rows of `source`, each as often as it says. What a new version leaves as
    it was comes to nothing at once. Rows are taken in the order of their keys, so that two writers cannot wait for
    each other."""
    fine = f"""SELECT {_HOUR.format("e")} AS hour, department, label, kind, severity, sum(times) AS times
        FROM {source} e GROUP BY 1, 2, 3, 4, 5 HAVING sum(times) <> 0"""
    wide = f"""SELECT g.grain, f.hour / g.grain AS start, d.department, l.label, f.kind, f.severity, f.times
        FROM ({fine}) f CROSS JOIN (VALUES (1), (24), (240)) g(grain)
        CROSS JOIN LATERAL (VALUES (0), (f.department)) d(department)
        CROSS JOIN LATERAL (VALUES (0), (f.label)) l(label)"""
    cameras = f"""SELECT camera, {_DAY.format("e")} AS day, label, sum(times) AS times
        FROM {source} e GROUP BY 1, 2, 3 HAVING sum(times) <> 0"""
    statements = [
        f"""INSERT INTO event_tally AS kept ({_TALLY_KEY}, count)
        SELECT {_TALLY_KEY}, sum(times) FROM ({wide}) w
        GROUP BY {_TALLY_KEY} HAVING sum(times) <> 0 ORDER BY {_TALLY_KEY}
        ON CONFLICT ({_TALLY_KEY}) DO UPDATE SET count = kept.count + excluded.count""",
        f"""INSERT INTO camera_tally AS kept (camera, day, label, count)
        SELECT camera, day, label, times FROM ({cameras}) c ORDER BY 1, 2, 3
        ON CONFLICT (camera, day, label) DO UPDATE SET count = kept.count + excluded.count""",
    ]
    if forgets:
        statements += [
            f"""DELETE FROM event_tally kept USING (SELECT DISTINCT {_TALLY_KEY} FROM ({wide}) w) w
            WHERE (kept.grain, kept.start, kept.department, kept.label, kept.kind, kept.severity)
                = (w.grain, w.start, w.department, w.label, w.kind, w.severity) AND kept.count = 0""",
            f"""DELETE FROM camera_tally kept USING ({cameras}) c
            WHERE (kept.camera, kept.day, kept.label) = (c.camera, c.day, c.label) AND kept.count = 0""",
        ]
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {"; ".join(statements)}; RETURN NULL; END $$"""


_ADDED = f"(SELECT {', '.join(_COUNTED)}, 1 AS times FROM added)"
_GONE = f"(SELECT {', '.join(_COUNTED)}, -1 AS times FROM gone)"
_POSTGRESQL_TRIGGERS = (
    _postgresql_function("event_tally_added", _ADDED, forgets=False),
    _postgresql_function("event_tally_changed", f"({_ADDED[1:-1]} UNION ALL {_GONE[1:-1]})", forgets=True),
    _postgresql_function("event_tally_gone", _GONE, forgets=True),
    """CREATE TRIGGER event_tally_added AFTER INSERT ON event
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION event_tally_added()""",
    """CREATE TRIGGER event_tally_changed AFTER UPDATE ON event
        REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION event_tally_changed()""",
    """CREATE TRIGGER event_tally_gone AFTER DELETE ON event
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION event_tally_gone()""",
)
_LONG = sa.text("(coalesce(ended_at, last_seen_at) - ((id >> 22) * 1000 + 1704067200000000)) > 3600000000")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # All that is altered or referred to, in the order in which programs lock it. Both can be read meanwhile.
        op.execute("LOCK TABLE department, event IN SHARE ROW EXCLUSIVE MODE")
    _search()
    _tallies()
    _subscriptions()
    _deliveries()


def _search() -> None:
    op.create_index("ix_event_kind_id", "event", ["kind", "id"], unique=False)
    op.create_index("ix_event_long", "event", ["id"], unique=False, sqlite_where=_LONG, postgresql_where=_LONG)
    op.create_index("ix_event_severity_id", "event", ["severity", "id"], unique=False)


def _tallies() -> None:
    op.create_table(
        "camera_tally",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "day", "label", name="pk_camera_tally"),
        sqlite_with_rowid=False,
        postgresql_with=_ROOM,
    )
    op.create_table(
        "event_tally",
        sa.Column("grain", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("severity", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", _ROW_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("grain", "start", "department", "label", "kind", "severity", name="pk_event_tally"),
        sqlite_with_rowid=False,
        postgresql_with=_ROOM,
    )
    connection = op.get_bind()
    triggers = _SQLITE_TRIGGERS if connection.dialect.name == "sqlite" else _POSTGRESQL_TRIGGERS
    for statement in (*_FILL, *triggers):
        connection.exec_driver_sql(statement)


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("min_severity", sa.SmallInteger(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("moments", sa.String(length=32), nullable=False),
        sa.Column("group_by", sa.String(length=16), nullable=False),
        sa.Column("cool_down_s", sa.Integer(), nullable=False),
        sa.Column("with_picture", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.String(length=512), server_default="", nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_subscription_department_department"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_department", "subscription", ["department"], unique=False)
    op.create_index(
        "uq_subscription_department_name_living",
        "subscription",
        ["department", "name"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )
    op.create_table(
        "subscription_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscription.id"], name="fk_subscription_secret_subscription_subscription"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscription_secret"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_secret_subscription", "subscription_secret", ["subscription"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "alert_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_cursor"),
    )
    op.create_table(
        "alert_endpoint",
        sa.Column("origin", sa.String(length=512), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("shut_until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=512), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_alert_endpoint"),
    )
    op.create_table(
        "alert_group",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.id"], name="fk_alert_group_subscription_subscription"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_group"),
        sa.UniqueConstraint("subscription", "key", name="uq_alert_group_subscription_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_group_until_at", "alert_group", ["until_at"], unique=False)
    op.create_table(
        "alert_told",
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.id"], name="fk_alert_told_subscription_subscription"),
        sa.PrimaryKeyConstraint("event", "subscription", "moment", name="pk_alert_told"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("subscription", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=512), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("first_try_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("replay_of", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.id"], name="fk_delivery_subscription_subscription"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["subscription", "due_at"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_delivery_event", "delivery", ["event"], unique=False)
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_delivery_ended",
        "delivery",
        ["subscription", "state", "ended_at"],
        unique=False,
        sqlite_where=ended,
        postgresql_where=ended,
    )
    op.create_index("ix_delivery_subscription_made_at", "delivery", ["subscription", "made_at", "id"], unique=False)
    op.create_table(
        "delivery_attempt",
        sa.Column("delivery", _ROW_NUMBER, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("error", sa.String(length=512), nullable=False),
        sa.Column("answer", sa.String(length=512), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["delivery.id"], name="fk_delivery_attempt_delivery_delivery", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery", "n", name="pk_delivery_attempt"),
    )
    op.create_table(
        "delivery_event",
        sa.Column("delivery", _ROW_NUMBER, nullable=False),
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"], ["delivery.id"], name="fk_delivery_event_delivery_delivery", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery", "event", "moment", name="pk_delivery_event"),
    )
    cursor = sa.table("alert_cursor", *map(sa.column, ("id", "seq", "matched")))
    change = sa.table("event_change", sa.column("seq", _ROW_NUMBER))
    latest = sa.select(sa.func.coalesce(sa.func.max(change.c.seq), 0))
    op.execute(sa.insert(cursor).values(id=1, seq=latest.scalar_subquery(), matched=0))
