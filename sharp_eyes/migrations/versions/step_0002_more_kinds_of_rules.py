"""Rules of ten kinds, also of departments: lines, attention, details of events, flows and the track log.

It only adds, and lets be empty what had to be filled: rows of the first form stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OBJECT_ALONE = (
    ("track", sa.Integer()),
    ("score", sa.SmallInteger()),
    ("box_left", sa.SmallInteger()),
    ("box_top", sa.SmallInteger()),
    ("box_right", sa.SmallInteger()),
    ("box_bottom", sa.SmallInteger()),
)
"""Columns of events that only those of one object, or of something in the picture, have."""


def upgrade() -> None:
    _lines_and_attention()
    _rules()
    _events()
    _series()


def _lines_and_attention() -> None:
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("start_x", sa.Double(), nullable=False),
        sa.Column("start_y", sa.Double(), nullable=False),
        sa.Column("end_x", sa.Double(), nullable=False),
        sa.Column("end_y", sa.Double(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_line_camera_camera"),
        sa.PrimaryKeyConstraint("id", name="pk_line"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_line_camera", "line", ["camera"], unique=False)
    op.create_index(
        "uq_line_camera_name_living",
        "line",
        ["camera", "name"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "camera_attention",
        sa.Column("camera", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.String(length=16), nullable=False),
        sa.Column("ignored", sa.Text(), nullable=False),
        sa.Column("idle", sa.String(length=16), nullable=False),
        sa.Column("idle_look_s", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name="fk_camera_attention_camera_camera"),
        sa.PrimaryKeyConstraint("camera", name="pk_camera_attention"),
    )


def _rules() -> None:
    """SQLite makes the table anew. It would forget the last number then, and give that of a removed rule again."""
    last = _last_number("rule")
    autoincrement = {"sqlite_autoincrement": True}
    with op.batch_alter_table("rule", table_kwargs=autoincrement) as rule:
        rule.alter_column("camera", existing_type=sa.Integer(), nullable=True)
        rule.add_column(sa.Column("department", sa.Integer(), nullable=True))
        rule.add_column(sa.Column("line", sa.Integer(), nullable=True))
        rule.add_column(sa.Column("direction", sa.String(length=16), nullable=True))
        rule.add_column(sa.Column("min_size", sa.Double(), nullable=False, server_default="0"))
        rule.add_column(sa.Column("min_path", sa.Double(), nullable=False, server_default="0"))
        rule.add_column(sa.Column("min_speed", sa.Double(), nullable=True))
        rule.add_column(sa.Column("min_count", sa.Integer(), nullable=True))
        rule.add_column(sa.Column("hours", sa.Text(), nullable=False, server_default="[]"))
        rule.add_column(sa.Column("cool_down_ms", _ROW_NUMBER, nullable=False, server_default="0"))
        rule.add_column(sa.Column("once_per_track", sa.Boolean(), nullable=False, server_default=sa.false()))
        rule.create_foreign_key("fk_rule_department_department", "department", ["department"], ["id"])
        rule.create_foreign_key("fk_rule_line_line", "line", ["line"], ["id"])
        rule.create_unique_constraint("uq_rule_department_name", ["department", "name"])
        rule.create_check_constraint("ck_rule_owner", "(camera IS NULL) <> (department IS NULL)")
        rule.create_index("ix_rule_line", ["line"], unique=False)
    with op.batch_alter_table("rule", table_kwargs=autoincrement) as rule:
        for name, type_ in (
            ("min_size", sa.Double()),
            ("min_path", sa.Double()),
            ("hours", sa.Text()),
            ("cool_down_ms", _ROW_NUMBER),
            ("once_per_track", sa.Boolean()),
        ):
            rule.alter_column(name, existing_type=type_, existing_nullable=False, server_default=None)
    if last is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'rule'")
        op.get_bind().execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('rule', :last)"), {"last": last})


def _last_number(table: str) -> int | None:
    """The last number that SQLite gave out in `table`; None elsewhere, and before the first."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return None
    found: int | None = connection.scalar(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table}
    )
    return found


def _events() -> None:
    with op.batch_alter_table("event") as event:
        for name, type_ in _OBJECT_ALONE:
            event.alter_column(name, existing_type=type_, nullable=True)
    op.create_table(
        "event_detail",
        sa.Column("event", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("direction", sa.SmallInteger(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("course", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("event", name="pk_event_detail"),
    )


def _series() -> None:
    op.create_table(
        "flow_count",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "rule", "minute", "line", "direction", "label", name="pk_flow_count"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_flow_count_minute", "flow_count", ["minute"], unique=False)
    op.create_table(
        "track_chunk",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "minute", name="pk_track_chunk"),
    )
    op.create_index("ix_track_chunk_minute", "track_chunk", ["minute"], unique=False)
