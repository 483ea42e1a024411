"""Media kept and held: privacy areas, media that wait for the store, how long what is kept, holds, notices.

It only adds: programs of the form before go on writing while it runs, and after it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVING = sa.text("deleted_at IS NULL")
_DOOMED = sa.text("doomed_at IS NOT NULL")
_MASKED_CLIP = sa.text("kind = 'masked_clip'")
_OPEN = sa.text("ended_at IS NULL")
_IN_FORCE = sa.text("released_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # All that is altered or referred to, in the order in which programs lock it. Cameras and departments are only
        # referred to: they can be read meanwhile.
        op.execute("LOCK TABLE camera, department IN SHARE ROW EXCLUSIVE MODE")
        op.execute("LOCK TABLE unmasking, event_media, subscription, delivery IN ACCESS EXCLUSIVE MODE")
    _columns()
    _privacy_areas()
    _retention()
    _notices()


def _columns() -> None:
    op.add_column("unmasking", sa.Column("live", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("event_media", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.add_column("event_media", sa.Column("spooled_at", sa.BigInteger(), nullable=True))
    op.add_column("event_media", sa.Column("doomed_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_event_media_doomed",
        "event_media",
        ["doomed_at"],
        unique=False,
        sqlite_where=_DOOMED,
        postgresql_where=_DOOMED,
    )
    op.create_index(
        "ix_event_media_masked_clip",
        "event_media",
        ["event"],
        unique=False,
        sqlite_where=_MASKED_CLIP,
        postgresql_where=_MASKED_CLIP,
    )
    op.add_column("subscription", sa.Column("notices", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("delivery", sa.Column("notice", sa.BigInteger(), nullable=True))


def _privacy_areas() -> None:
    op.create_table(
        "privacy_area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_privacy_area_camera_camera"),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_area"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_privacy_area_camera", "privacy_area", ["camera"], unique=False)
    op.create_index(
        "uq_privacy_area_camera_name_living",
        "privacy_area",
        ["camera", "name"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )


def _retention() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_retention_rule_department_department"),
        sa.PrimaryKeyConstraint("id", name="pk_retention_rule"),
        sa.UniqueConstraint("key", name="uq_retention_rule_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "retention_mark",
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_retention_mark_department_department"),
        sa.PrimaryKeyConstraint("department", "kind", "medium", name="pk_retention_mark"),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("event", sa.BigInteger(), nullable=True),
        sa.Column("camera", sa.Integer(), nullable=True),
        sa.Column("on_department", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.String(length=128), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("released_by", sa.String(length=128), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_legal_hold_camera_camera"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_legal_hold_department_department"),
        sa.ForeignKeyConstraint(["on_department"], ["department.id"], name="fk_legal_hold_on_department_department"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_legal_hold_camera", "legal_hold", ["camera"], unique=False)
    op.create_index("ix_legal_hold_department", "legal_hold", ["department"], unique=False)
    op.create_index(
        "ix_legal_hold_in_force",
        "legal_hold",
        ["id"],
        unique=False,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_table(
        "retention_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.Column("since_at", sa.BigInteger(), nullable=True),
        sa.Column("leapt_from", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_retention_watch"),
    )
    op.create_table(
        "department_quota",
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_department_quota_department_department"),
        sa.PrimaryKeyConstraint("department", name="pk_department_quota"),
    )
    op.create_table(
        "media_usage",
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("medium", sa.String(length=16), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("held_bytes", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_media_usage_department_department"),
        sa.PrimaryKeyConstraint("department", "medium", name="pk_media_usage"),
    )


def _notices() -> None:
    op.create_table(
        "system_notice",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=256), nullable=False),
        sa.Column("detail", sa.String(length=512), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_system_notice"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_system_notice_kind_subject_open",
        "system_notice",
        ["kind", "subject"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
