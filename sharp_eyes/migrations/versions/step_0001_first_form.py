"""The first form: registry, event index, media."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _registry()
    _events()
    _first_rows()


def _registry() -> None:
    op.create_table(
        "camera_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_camera_counter"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint("name", name="uq_department_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "registry_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_version"),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_camera_department_department"),
        sa.PrimaryKeyConstraint("id", name="pk_camera"),
    )
    op.create_index(
        "uq_camera_department_name_living",
        "camera",
        ["department", "name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "camera_crash",
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quarantined_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_camera_crash_camera_camera"),
        sa.PrimaryKeyConstraint("camera", name="pk_camera_crash"),
    )
    op.create_table(
        "camera_epoch",
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_camera_epoch_camera_camera"),
        sa.PrimaryKeyConstraint("camera", "epoch", name="pk_camera_epoch"),
    )
    op.create_table(
        "former_owner",
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_former_owner_camera_camera"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_former_owner_department_department"),
        sa.PrimaryKeyConstraint("camera", "until_at", name="pk_former_owner"),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("pinned_certificate", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_stream_camera_camera"),
        sa.PrimaryKeyConstraint("id", name="pk_stream"),
        sa.UniqueConstraint("camera", "role", name="uq_stream_camera_role"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_zone_camera_camera"),
        sa.PrimaryKeyConstraint("id", name="pk_zone"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_zone_camera", "zone", ["camera"], unique=False)
    op.create_index(
        "uq_zone_camera_name_living",
        "zone",
        ["camera", "name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("min_duration_ms", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("min_score", sa.Double(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_rule_camera_camera"),
        sa.ForeignKeyConstraint(["zone"], ["zone.id"], name="fk_rule_zone_zone"),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
        sa.UniqueConstraint("camera", "name", name="uq_rule_camera_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rule_zone", "rule", ["zone"], unique=False)
    op.create_table(
        "stream_secret",
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["stream.id"], name="fk_stream_secret_stream_stream", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stream", name="pk_stream_secret"),
    )
    op.create_table(
        "stream_state",
        sa.Column("stream", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("codec", sa.String(length=32), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("fps", sa.Double(), nullable=True),
        sa.Column("next_try_at", sa.BigInteger(), nullable=True),
        sa.Column("counters", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["stream.id"], name="fk_stream_state_stream_stream", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("stream", name="pk_stream_state"),
    )
    op.create_index("ix_stream_state_camera", "stream_state", ["camera"], unique=False)
    op.create_index("ix_stream_state_state", "stream_state", ["state"], unique=False)


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("label", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=True),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("rule_name", sa.Integer(), nullable=False),
        sa.Column("track", sa.Integer(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("box_left", sa.SmallInteger(), nullable=False),
        sa.Column("box_top", sa.SmallInteger(), nullable=False),
        sa.Column("box_right", sa.SmallInteger(), nullable=False),
        sa.Column("box_bottom", sa.SmallInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_camera_id", "event", ["camera", "id"], unique=False)
    op.create_index("ix_event_camera_label_id", "event", ["camera", "label", "id"], unique=False)
    op.create_index("ix_event_department_id", "event", ["department", "id"], unique=False)
    op.create_index("ix_event_department_label_id", "event", ["department", "label", "id"], unique=False)
    op.create_index("ix_event_label_id", "event", ["label", "id"], unique=False)
    op.create_index(
        "ix_event_open",
        "event",
        ["camera"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "event_change",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_event_change"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event_kind",
        sa.Column("id", sa.SmallInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_kind"),
        sa.UniqueConstraint("name", name="uq_event_kind_name"),
    )
    op.create_table(
        "event_media",
        sa.Column("event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("blob_key", sa.Text(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("event", "kind", name="pk_event_media"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_event_media_pending",
        "event_media",
        ["event"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "label",
        sa.Column("id", sa.SmallInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.UniqueConstraint("name", name="uq_label_name"),
    )
    op.create_table(
        "rule_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_name"),
        sa.UniqueConstraint("name", name="uq_rule_name_name"),
    )


def _first_rows() -> None:
    op.execute("INSERT INTO registry_version (id, version) VALUES (1, 1)")
    op.execute("INSERT INTO camera_counter (id, last) VALUES (1, 0)")
    # The database counts, so that it goes on from 2.
    op.execute("INSERT INTO department (name, kind) VALUES ('City', 'other')")
