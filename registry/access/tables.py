"""The tables of people, sessions, keys and grants. Of secrets they keep hashes alone."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from ..columns import Instant, RowNumber
from ..db import metadata

access_state = Table(
    "access_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", RowNumber, nullable=False),
    Column("latest_at", Instant, nullable=False),
)
"""One row. `version` is raised by whatever changes who may see what; `latest_at` is the latest moment at which grants
were looked at: a clock that is set back revives nothing."""

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(128), nullable=False),
    Column("role", String(32), nullable=False),
    Column("department", ForeignKey("department.id"), index=True),
    Column("password", String(256)),
    Column("made_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("revision", Integer, nullable=False, server_default="1"),
    sqlite_autoincrement=True,
)
"""`login` is what one signs in with, folded. `password` is an argon2id hash; null before one was chosen. Without a
department somebody is of the city as a whole. Rows stay for ever, since the record names them."""

session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(256), nullable=False),
    Column("ended_at", Instant),
    sqlite_autoincrement=True,
)
"""Who is signed in. `token_hash` is SHA-256 of a random token; `seen_at` is exact to a minute."""
Index("ix_session_person_ended_at", session.c.person, session.c.ended_at)
Index("ix_session_expires_at", session.c.expires_at)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key_hash", LargeBinary(32), nullable=False, unique=True),
    Column("beginning", String(16), nullable=False),
    Column("name", String(128), nullable=False),
    Column("role", String(32), nullable=False),
    Column("department", ForeignKey("department.id"), index=True),
    Column("made_by", ForeignKey("person.id")),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("seen_at", Instant),
    Column("revoked_at", Instant),
    sqlite_autoincrement=True,
)
"""Keys of programs. `beginning` is what tells one from another in a list. Rows stay for ever."""

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("person", ForeignKey("person.id"), index=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    sqlite_autoincrement=True,
)
"""One-time links by which somebody chooses a password; without a person: the first city admin."""

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    Column("login_hash", LargeBinary(32), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)
"""Failed attempts to sign in by account and address. What was typed may be a password, so only its hash is kept."""

access_grant = Table(
    "access_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", ForeignKey("department.id")),
    Column("on_department", ForeignKey("department.id")),
    Column("on_sector", String(32)),
    Column("on_region", ForeignKey("region.code")),
    Column("on_camera", ForeignKey("camera.id")),
    Column("to_department", ForeignKey("department.id")),
    Column("to_role", String(32)),
    Column("to_person", ForeignKey("person.id")),
    Column("rights", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant),
    Column("history", Boolean, nullable=False, server_default=false()),
    Column("purpose", String(500), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_by", ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", Instant),
    Column("decided_why", String(500)),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_at", Instant),
    Column("ended_why", String(500)),
    Column("revision", Integer, nullable=False, server_default="1"),
    sqlite_autoincrement=True,
)
"""Exactly one `on_...` is set, and `to_person`, or `to_department` with or without `to_role`. `owner`: only what is of
that department or of one below it; null: granted by the city. `rights` is JSON, a sorted list. `state` is
requested, approved, refused, revoked or expired. Rows stay for ever."""
Index("ix_access_grant_state_until_at", access_grant.c.state, access_grant.c.until_at)
Index("ix_access_grant_to_department", access_grant.c.to_department)
Index("ix_access_grant_to_person", access_grant.c.to_person)
Index("ix_access_grant_owner", access_grant.c.owner)
Index("ix_access_grant_on_camera", access_grant.c.on_camera)

unmasking = Table(
    "unmasking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", RowNumber, nullable=False, index=True),
    Column("department", ForeignKey("department.id"), nullable=False),
    Column("person", ForeignKey("person.id"), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", Instant),
    Column("decided_why", String(500)),
    Column("until_at", Instant),
    Column("live", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)
"""Somebody's wish to see an event's original: who, why, and who agreed. `state` is waiting, open or refused. An open
one is over at `until_at`; one that waits may be decided on until then. `department` is the event's owner. Of a `live`
one, which is for what a camera shows now, `event` is the moment at which it was asked for, on that camera."""
Index("ix_unmasking_department_state", unmasking.c.department, unmasking.c.state)
Index("ix_unmasking_person_asked_at", unmasking.c.person, unmasking.c.asked_at)
