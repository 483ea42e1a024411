"""The index of the cameras' texts, which the databases keep themselves: their own kind of thing, no table of ours."""

from typing import Final

SQLITE_TABLE: Final = "camera_text"
"""A virtual table, filled by triggers."""
POSTGRESQL_INDEX: Final = "ix_camera_text_pieces"
"""Over a function of the text."""


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether Alembic shall compare what the database has under that name with our tables."""
    return not (kind == "table" and (name or "").startswith(SQLITE_TABLE)) and name != POSTGRESQL_INDEX
