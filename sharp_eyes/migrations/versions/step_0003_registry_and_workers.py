"""The city's registry and several workers: regions, cameras as GB/T 28181 knows them, histories, leases, outages.

It only adds, and what it adds has a default: programs of the form before go on writing while it runs, and after it.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CAMERA: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("gb_code", sa.String(length=20)),
    ("gb_edition", sa.SmallInteger()),
    ("own_id", sa.String(length=64)),
    ("manufacturer", sa.String(length=128)),
    ("model", sa.String(length=128)),
    ("address", sa.String(length=256)),
    ("point_class", sa.SmallInteger()),
    ("ptz_type", sa.SmallInteger()),
    ("room_type", sa.SmallInteger()),
    ("look_direction", sa.Double()),
    ("field_of_view", sa.Double()),
    ("installed_on", sa.Date()),
    ("management_unit", sa.String(length=128)),
    ("contact", sa.String(length=256)),
    ("recording_days", sa.Integer()),
    ("resolution", sa.String(length=32)),
    ("uplink", sa.String(length=128)),
)
_PIECES = """(
    WITH RECURSIVE at(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM at WHERE n < length({0}.search_text))
    SELECT group_concat(substr({0}.search_text, n, 1) || ' ' || substr({0}.search_text, n, 2), ' ') FROM at
)"""
"""Pieces of the texts of `{0}`, with blanks between them; what holds a blank falls apart into what is there already."""
_FORGET = f"INSERT INTO camera_text(camera_text, rowid, pieces) VALUES ('delete', old.id, {_PIECES.format('old')})"  # noqa: S608
_LEARN = f"INSERT INTO camera_text(rowid, pieces) VALUES (new.id, {_PIECES.format('new')})"  # noqa: S608
_SQLITE_TEXTS = (
    # Only blanks and control characters part the pieces. No copy of the texts, no places in them, no lengths are kept.
    """CREATE VIRTUAL TABLE camera_text USING fts5(
        pieces, content='', columnsize=0, detail=none,
        tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'"
    )""",
    f"INSERT INTO camera_text(rowid, pieces) SELECT id, {_PIECES.format('camera')} FROM camera",  # noqa: S608 - constant text
    f"CREATE TRIGGER camera_text_added AFTER INSERT ON camera BEGIN {_LEARN}; END",
    f"""CREATE TRIGGER camera_text_changed AFTER UPDATE OF search_text ON camera
        WHEN old.search_text <> new.search_text BEGIN {_FORGET}; {_LEARN}; END""",
    f"CREATE TRIGGER camera_text_removed AFTER DELETE ON camera BEGIN {_FORGET}; END",
)
_POSTGRESQL_TEXTS = (
    """CREATE FUNCTION camera_text_pieces(searched text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(DISTINCT piece), '{}')
        FROM generate_series(1, length(searched)) n,
            LATERAL (VALUES (substr(searched, n, 1)), (substr(searched, n, 2))) v(piece)
        WHERE piece !~ '[[:space:]]'
        $$""",
    """CREATE INDEX ix_camera_text_pieces ON camera USING gin (camera_text_pieces(search_text))
        WITH (fastupdate = off)""",
)
_LIVING = sa.text("deleted_at IS NULL")
_OPEN = sa.text("until_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # All that is altered, in the order in which programs lock it: else we would hold departments and wait for
        # cameras, while somebody who adds a camera waits for departments.
        op.execute(
            "LOCK TABLE camera, department, stream_secret, camera_epoch, worker, stream_state IN ACCESS EXCLUSIVE MODE"
        )
    _departments_and_regions()
    _cameras()
    _camera_texts()
    _secrets()
    _requests()
    _workers()
    _histories()
    _events()


def _departments_and_regions() -> None:
    parent = sa.ForeignKey("department.id", name="fk_department_parent_department")
    op.add_column("department", sa.Column("parent", sa.Integer(), parent, nullable=True), inline_references=True)
    op.add_column("department", sa.Column("contact", sa.String(length=256), nullable=False, server_default=""))
    op.add_column("department", sa.Column("gb_industry_2016", sa.String(length=2), nullable=True))
    op.add_column("department", sa.Column("gb_industry_2022", sa.String(length=2), nullable=True))
    op.add_column("department", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("ix_department_parent", "department", ["parent"], unique=False)
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name="fk_region_parent_region"),
        sa.PrimaryKeyConstraint("code", name="pk_region"),
    )
    op.create_index("ix_region_parent", "region", ["parent"], unique=False)
    op.create_table(
        "gb_counter",
        sa.Column("prefix", sa.String(length=14), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name="pk_gb_counter"),
    )


def _cameras() -> None:
    for name, type_ in _CAMERA:
        op.add_column("camera", sa.Column(name, type_, nullable=True))
    region = sa.ForeignKey("region.code", name="fk_camera_region_region")
    op.add_column("camera", sa.Column("region", sa.String(length=12), region, nullable=True), inline_references=True)
    op.add_column("camera", sa.Column("extra", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("camera", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("camera", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    for name, columns in (
        ("uq_camera_gb_code_living", ["gb_code"]),
        ("uq_camera_department_own_id_living", ["department", "own_id"]),
    ):
        op.create_index(name, "camera", columns, unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING)
    _fill_search_text()
    op.create_index("ix_camera_region_id", "camera", ["region", "id"], unique=False)
    op.create_index("ix_camera_department_id", "camera", ["department", "id"], unique=False)
    op.create_index("ix_camera_latitude_longitude", "camera", ["latitude", "longitude"], unique=False)
    op.create_index("ix_stream_url", "stream", ["url"], unique=False)
    walked = ["id", "department", "region", "enabled", "deleted_at", "latitude", "longitude"]
    op.create_index("ix_camera_catalogue", "camera", walked, unique=False)
    op.create_index("ix_camera_overview", "camera", ["department", "region", "enabled", "deleted_at"], unique=False)


def _camera_texts() -> None:
    """The index of `camera.search_text`: every character and every pair of neighbours, blanks left out.

    The databases keep it themselves, so that it is right whoever writes a camera, and within the same transaction.
    """
    connection = op.get_bind()
    statements = _SQLITE_TEXTS if connection.dialect.name == "sqlite" else _POSTGRESQL_TEXTS
    for statement in statements:
        connection.exec_driver_sql(statement)


def _fill_search_text() -> None:
    """As `registry.search_text` writes it, from the name: the one searched column that there was."""
    camera = sa.table("camera", sa.column("id"), sa.column("name"), sa.column("search_text"))
    connection = op.get_bind()
    texts = [
        {"number": row.id, "text": unicodedata.normalize("NFKC", row.name).casefold()}
        for row in connection.execute(sa.select(camera.c.id, camera.c.name))
    ]
    filled = sa.update(camera).where(camera.c.id == sa.bindparam("number")).values(search_text=sa.bindparam("text"))
    if texts:
        connection.execute(filled, texts)


def _secrets() -> None:
    key_id = sa.Column("key_id", sa.String(length=16), nullable=False, server_default="")
    op.add_column("stream_secret", key_id)


def _requests() -> None:
    op.create_table(
        "idempotency",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_made_at", "idempotency", ["made_at"], unique=False)
    op.create_table(
        "camera_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=256), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("ignored", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("share", sa.Double(), nullable=False, server_default="0"),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_camera_import"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "camera_import_row",
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import"], ["camera_import.id"], name="fk_camera_import_row_import_camera_import", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import", "row", name="pk_camera_import_row"),
    )


def _workers() -> None:
    host = sa.Column("host", sa.String(length=255), nullable=False, server_default="127.0.0.1")
    op.add_column("worker", host)
    op.add_column("worker", sa.Column("name", sa.String(length=128), nullable=False, server_default=""))
    op.add_column("worker", sa.Column("capacity", sa.Double(), nullable=False, server_default="1"))
    op.add_column("worker", sa.Column("dealt", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "worker_report",
        sa.Column("worker", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["worker"], ["worker.id"], name="fk_worker_report_worker_worker", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker", name="pk_worker_report"),
    )
    for name, columns, unique in (
        ("uq_camera_epoch_camera_open", ["camera"], True),
        ("ix_camera_epoch_worker_open", ["worker"], False),
    ):
        op.create_index(name, "camera_epoch", columns, unique=unique, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_camera_epoch_until_at", "camera_epoch", ["until_at"], unique=False)


def _histories() -> None:
    op.add_column("stream_state", sa.Column("worker", sa.Integer(), nullable=True))
    op.create_index("ix_stream_state_camera_state", "stream_state", ["camera", "state", "worker"], unique=False)
    op.create_index("ix_stream_state_state_camera", "stream_state", ["state", "camera", "worker"], unique=False)
    op.create_table(
        "stream_spell",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("worker", sa.Integer(), nullable=True),
        sa.Column("counted_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("camera", "from_at", name="pk_stream_spell"),
    )
    uncounted = sa.text("counted_to IS NOT NULL")
    for name, columns, where in (
        ("uq_stream_spell_camera_open", ["camera"], _OPEN),
        ("ix_stream_spell_uncounted", ["camera", "counted_to", "until_at", "state", "worker"], uncounted),
    ):
        is_unique = name.startswith("uq")
        op.create_index(name, "stream_spell", columns, unique=is_unique, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_stream_spell_until_at", "stream_spell", ["until_at"], unique=False)
    op.create_table(
        "uptime_day",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("milliseconds", _ROW_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("day", "camera", "department", "region", "state", name="pk_uptime_day"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_uptime_day_camera_day", "uptime_day", ["camera", "day"], unique=False)
    op.create_table(
        "uptime_sum",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("milliseconds", _ROW_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("day", "department", "region", "state", name="pk_uptime_sum"),
        sqlite_with_rowid=False,
    )


def _events() -> None:
    op.create_table(
        "event_interruption",
        sa.Column("event", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event", name="pk_event_interruption"),
    )
    op.create_table(
        "fenced_event",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("fenced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "epoch", "n", name="pk_fenced_event"),
    )
    op.create_index("ix_fenced_event_fenced_at", "fenced_event", ["fenced_at"], unique=False)
    op.create_table(
        "outage",
        sa.Column("event", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("uplink", sa.String(length=256), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("event", name="pk_outage"),
    )
    op.create_index("ix_outage_uplink_ended_at", "outage", ["uplink", "ended_at"], unique=False)
    op.create_table(
        "outage_member",
        sa.Column("camera", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("camera", "epoch", "n", name="pk_outage_member"),
    )
    op.create_index("ix_outage_member_event", "outage_member", ["event"], unique=False)
