"""The registry's tables."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
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
)

from .columns import Instant, RowNumber
from .db import metadata

registry_version = Table(
    "registry_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", RowNumber, nullable=False),
)
"""One row: raised by each change of cameras, streams, zones, lines, rules or attention."""

department = Table(
    "department",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("parent", ForeignKey("department.id"), index=True),
    Column("contact", String(256), nullable=False, server_default=""),
    Column("gb_industry_2016", String(2)),
    Column("gb_industry_2022", String(2)),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("own_see_originals", Boolean, nullable=False, server_default=false()),
    Column("second_person", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)
"""`revision` counts its changes: the ETag. The industry codes are digits 9 and 10 of a GB/T 28181 code, by edition.
`own_see_originals`: its operators and admins have the right `unmasked` at home. `second_person`: originals are opened
once a second person has agreed."""

region = Table(
    "region",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("parent", ForeignKey("region.code"), index=True),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""Administrative areas, a tree: 2, 4, 6, 8, 9 or 12 digits. The parent is stored, not cut from the code."""

gb_counter = Table(
    "gb_counter",
    metadata,
    Column("prefix", String(14), primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last serial (digits 15 to 20) given out for each beginning of a GB/T 28181 code (digits 1 to 14)."""

camera_counter = Table(
    "camera_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""One row: the last camera number given out. Numbers are never used again."""

camera = Table(
    "camera",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(128), nullable=False),
    Column("department", ForeignKey("department.id"), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("longitude", Double),
    Column("latitude", Double),
    Column("deleted_at", Instant),
    Column("gb_code", String(20)),
    Column("gb_edition", SmallInteger),
    Column("own_id", String(64)),
    Column("region", ForeignKey("region.code")),
    Column("manufacturer", String(128)),
    Column("model", String(128)),
    Column("address", String(256)),
    Column("point_class", SmallInteger),
    Column("ptz_type", SmallInteger),
    Column("room_type", SmallInteger),
    Column("look_direction", Double),
    Column("field_of_view", Double),
    Column("installed_on", Date),
    Column("management_unit", String(128)),
    Column("contact", String(256)),
    Column("recording_days", Integer),
    Column("resolution", String(32)),
    Column("uplink", String(128)),
    Column("extra", Text, nullable=False, server_default="{}"),
    Column("search_text", Text, nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
)
"""A removed camera keeps its row, so that its events stay readable, and its streams and rules, so that it can be
restored. `look_direction` is in degrees clockwise from north, `field_of_view` in degrees, `extra` a JSON object,
`search_text` what the catalogue's text search looks at, folded. `revision` counts its changes: the ETag."""
Index(
    "uq_camera_department_name_living",
    camera.c.department,
    camera.c.name,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

Index(
    "uq_camera_gb_code_living",
    camera.c.gb_code,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)
Index(
    "uq_camera_department_own_id_living",
    camera.c.department,
    camera.c.own_id,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)
Index("ix_camera_region_id", camera.c.region, camera.c.id)
Index("ix_camera_department_id", camera.c.department, camera.c.id)
Index("ix_camera_latitude_longitude", camera.c.latitude, camera.c.longitude)
# What the catalogue walks over and counts is narrow beside the rows: both are answered from these indexes alone.
Index(
    "ix_camera_catalogue",
    *(camera.c[name] for name in ("id", "department", "region", "enabled", "deleted_at", "latitude", "longitude")),
)
Index("ix_camera_overview", camera.c.department, camera.c.region, camera.c.enabled, camera.c.deleted_at)

former_owner = Table(
    "former_owner",
    metadata,
    Column("camera", ForeignKey("camera.id"), primary_key=True),
    Column("until_at", Instant, primary_key=True),
    Column("department", ForeignKey("department.id"), nullable=False),
)
"""Who owned a camera until when. A camera that never moved has no row."""

stream = Table(
    "stream",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", ForeignKey("camera.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("url", String(2048), nullable=False),
    Column("pinned_certificate", String(64)),
    UniqueConstraint("camera", "role"),
    sqlite_autoincrement=True,
)
Index("ix_stream_url", stream.c.url)

stream_secret = Table(
    "stream_secret",
    metadata,
    Column("stream", ForeignKey("stream.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", String(16), nullable=False, server_default=""),
)
"""`key_id` is that of the sealing key; empty where a program of the form before stored it."""

zone = Table(
    "zone",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", ForeignKey("camera.id"), nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("points", Text, nullable=False),
    Column("deleted_at", Instant),
    sqlite_autoincrement=True,
)
"""`points` is JSON: [[x, y], ...]. A removed zone keeps its row, so that its events stay readable."""
Index(
    "uq_zone_camera_name_living",
    zone.c.camera,
    zone.c.name,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

privacy_area = Table(
    "privacy_area",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", ForeignKey("camera.id"), nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("points", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    sqlite_autoincrement=True,
)
"""Always blacked out in every masked rendition. `points` is JSON: [[x, y], ...], in shares of the picture. What was
made before `changed_at` does not have it yet."""
Index(
    "uq_privacy_area_camera_name_living",
    privacy_area.c.camera,
    privacy_area.c.name,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

line = Table(
    "line",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", ForeignKey("camera.id"), nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("start_x", Double, nullable=False),
    Column("start_y", Double, nullable=False),
    Column("end_x", Double, nullable=False),
    Column("end_y", Double, nullable=False),
    Column("deleted_at", Instant),
    sqlite_autoincrement=True,
)
"""Shares of the picture. A removed line keeps its row, so that its events stay readable."""
Index(
    "uq_line_camera_name_living",
    line.c.camera,
    line.c.name,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

camera_attention = Table(
    "camera_attention",
    metadata,
    Column("camera", ForeignKey("camera.id"), primary_key=True),
    Column("sensitivity", String(16), nullable=False),
    Column("ignored", Text, nullable=False),
    Column("idle", String(16), nullable=False),
    Column("idle_look_s", Double, nullable=False),
)
"""How closely a camera is watched. One without a row is watched in the default way. `ignored` is JSON: polygons, each
[[x, y], ...]."""

rule = Table(
    "rule",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", ForeignKey("camera.id")),
    Column("department", ForeignKey("department.id")),
    Column("name", String(128), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("labels", Text, nullable=False),
    Column("zone", ForeignKey("zone.id"), index=True),
    Column("min_duration_ms", RowNumber, nullable=False),
    Column("min_score", Double, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("line", ForeignKey("line.id"), index=True),
    Column("direction", String(16)),
    Column("min_size", Double, nullable=False),
    Column("min_path", Double, nullable=False),
    Column("min_speed", Double),
    Column("min_count", Integer),
    Column("hours", Text, nullable=False),
    Column("cool_down_ms", RowNumber, nullable=False),
    Column("once_per_track", Boolean, nullable=False),
    UniqueConstraint("camera", "name"),
    UniqueConstraint("department", "name"),
    CheckConstraint("(camera IS NULL) <> (department IS NULL)", name="owner"),
    sqlite_autoincrement=True,
)
"""A rule of a camera, or of all cameras of a department. `labels` is JSON: ["car", "person"]; so is `hours`:
[{"days": ["friday"], "begin": "22:00:00", "end": "06:00:00", "time_zone": "Asia/Shanghai"}]."""

worker = Table(
    "worker",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("heartbeat_at", Instant, nullable=False),
    Column("port", Integer, nullable=False),
    Column("token", String(128), nullable=False),
    Column("host", String(255), nullable=False, server_default="127.0.0.1"),
    Column("name", String(128), nullable=False, server_default=""),
    Column("capacity", Double, nullable=False, server_default="1"),
    Column("dealt", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)
"""`heartbeat_at` is by the database's clock. `host` is where the API reaches its port, `capacity` its processors,
`dealt` how often cameras were given to it or taken from it."""

worker_report = Table(
    "worker_report",
    metadata,
    Column("worker", ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What a worker said last of all its streams: counters, rates, next attempts; compressed JSON. One row a worker, so
that a hundred thousand cameras do not make a hundred thousand writes."""

camera_epoch = Table(
    "camera_epoch",
    metadata,
    Column("camera", ForeignKey("camera.id"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("worker", Integer, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant),
)
"""Who watched a camera from when to when, by the database's clock. Epochs count from 1 for each camera. The one without
an end is the lease in force."""
Index(
    "uq_camera_epoch_camera_open",
    camera_epoch.c.camera,
    unique=True,
    sqlite_where=text("until_at IS NULL"),
    postgresql_where=text("until_at IS NULL"),
)
Index("ix_camera_epoch_until_at", camera_epoch.c.until_at)
Index(
    "ix_camera_epoch_worker_open",
    camera_epoch.c.worker,
    sqlite_where=text("until_at IS NULL"),
    postgresql_where=text("until_at IS NULL"),
)

stream_state = Table(
    "stream_state",
    metadata,
    Column("stream", ForeignKey("stream.id", ondelete="CASCADE"), primary_key=True),
    Column("camera", Integer, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("since", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("codec", String(32)),
    Column("width", Integer),
    Column("height", Integer),
    Column("fps", Double),
    Column("next_try_at", Instant),
    Column("counters", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("worker", Integer),
)
"""`counters` is JSON."""
Index("ix_stream_state_camera_state", stream_state.c.camera, stream_state.c.state, stream_state.c.worker)
Index("ix_stream_state_state_camera", stream_state.c.state, stream_state.c.camera, stream_state.c.worker)

camera_crash = Table(
    "camera_crash",
    metadata,
    Column("camera", ForeignKey("camera.id"), primary_key=True),
    Column("crashes", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("quarantined_at", Instant),
)
"""Crashes of a worker during which a camera was being decoded."""
