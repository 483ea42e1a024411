"""Access and its record: people, sessions, keys, grants, and who looked at what.

It only adds, and what it adds has a default: programs of the form before go on writing while it runs, and after it.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # All that is altered or referred to, in the order in which programs lock it. Cameras and regions are only
        # referred to: they can be read meanwhile.
        op.execute("LOCK TABLE camera IN SHARE ROW EXCLUSIVE MODE")
        op.execute("LOCK TABLE department, camera_import IN ACCESS EXCLUSIVE MODE")
        op.execute("LOCK TABLE region IN SHARE ROW EXCLUSIVE MODE")
    _departments_and_imports()
    _people()
    _grants()
    _record()


def _departments_and_imports() -> None:
    for name in ("own_see_originals", "second_person"):
        op.add_column("department", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    maker = sa.Column("maker", sa.String(length=32), nullable=False, server_default="")
    op.add_column("camera_import", maker)


def _people() -> None:
    op.create_table(
        "access_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", _ROW_NUMBER, nullable=False),
        sa.Column("latest_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_state"),
    )
    state = sa.table("access_state", *map(sa.column, ("id", "version", "latest_at")))
    op.execute(sa.insert(state).values(id=1, version=1, latest_at=int(time.time() * 1_000_000)))
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_person_department_department"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("login", name="uq_person_login"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_department", "person", ["department"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=256), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_session_person_person"),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("token_hash", name="uq_session_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"], unique=False)
    op.create_index("ix_session_person_ended_at", "session", ["person", "ended_at"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("beginning", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("department", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_api_key_department_department"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_api_key_made_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.UniqueConstraint("key_hash", name="uq_api_key_key_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_api_key_department", "api_key", ["department"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_invitation_person_person"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitation_person", "invitation", ["person"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("login_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("login_hash", "address", name="pk_sign_in_failure"),
    )
    op.create_index("ix_sign_in_failure_last_at", "sign_in_failure", ["last_at"], unique=False)


def _grants() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("on_department", sa.Integer(), nullable=True),
        sa.Column("on_sector", sa.String(length=32), nullable=True),
        sa.Column("on_region", sa.String(length=12), nullable=True),
        sa.Column("on_camera", sa.Integer(), nullable=True),
        sa.Column("to_department", sa.Integer(), nullable=True),
        sa.Column("to_role", sa.String(length=32), nullable=True),
        sa.Column("to_person", sa.Integer(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("history", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name="fk_access_grant_asked_by_person"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_access_grant_decided_by_person"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_access_grant_ended_by_person"),
        sa.ForeignKeyConstraint(["on_camera"], ["camera.id"], name="fk_access_grant_on_camera_camera"),
        sa.ForeignKeyConstraint(["on_department"], ["department.id"], name="fk_access_grant_on_department_department"),
        sa.ForeignKeyConstraint(["on_region"], ["region.code"], name="fk_access_grant_on_region_region"),
        sa.ForeignKeyConstraint(["owner"], ["department.id"], name="fk_access_grant_owner_department"),
        sa.ForeignKeyConstraint(["to_department"], ["department.id"], name="fk_access_grant_to_department_department"),
        sa.ForeignKeyConstraint(["to_person"], ["person.id"], name="fk_access_grant_to_person_person"),
        sa.PrimaryKeyConstraint("id", name="pk_access_grant"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_access_grant_on_camera", "access_grant", ["on_camera"], unique=False)
    op.create_index("ix_access_grant_owner", "access_grant", ["owner"], unique=False)
    op.create_index("ix_access_grant_state_until_at", "access_grant", ["state", "until_at"], unique=False)
    op.create_index("ix_access_grant_to_department", "access_grant", ["to_department"], unique=False)
    op.create_index("ix_access_grant_to_person", "access_grant", ["to_person"], unique=False)
    op.create_table(
        "unmasking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", _ROW_NUMBER, nullable=False),
        sa.Column("department", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_why", sa.String(length=500), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_unmasking_decided_by_person"),
        sa.ForeignKeyConstraint(["department"], ["department.id"], name="fk_unmasking_department_department"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_unmasking_person_person"),
        sa.PrimaryKeyConstraint("id", name="pk_unmasking"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_unmasking_department_state", "unmasking", ["department", "state"], unique=False)
    op.create_index("ix_unmasking_event", "unmasking", ["event"], unique=False)
    op.create_index("ix_unmasking_person_asked_at", "unmasking", ["person", "asked_at"], unique=False)


def _record() -> None:
    op.create_table(
        "audit_row",
        sa.Column("id", _ROW_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=128), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=True),
        sa.Column("actor_department", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object", sa.String(length=64), nullable=False),
        sa.Column("camera", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=500), nullable=False, server_default=""),
        sa.Column("detail", sa.Text(), nullable=False, server_default="{}"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_row"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_row_act_id", "audit_row", ["act", "id"], unique=False)
    op.create_index("ix_audit_row_actor_id", "audit_row", ["actor_kind", "actor", "id"], unique=False)
    op.create_index("ix_audit_row_at", "audit_row", ["at"], unique=False)
    op.create_index("ix_audit_row_camera_id", "audit_row", ["camera", "id"], unique=False)
    op.create_table(
        "audit_department",
        sa.Column("department", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("department", "row", name="pk_audit_department"),
    )
    op.create_index("ix_audit_department_row_department", "audit_department", ["row", "department"], unique=False)
    op.create_table(
        "audit_unsealed",
        sa.Column("row", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_audit_unsealed"),
    )
    op.create_table(
        "audit_seal",
        sa.Column("place", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("row", _ROW_NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_audit_seal"),
        sa.UniqueConstraint("row", name="uq_audit_seal_row"),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("place", _ROW_NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_audit_checkpoint"),
    )
    op.create_table(
        "audit_pruned",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", _ROW_NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_pruned"),
    )
