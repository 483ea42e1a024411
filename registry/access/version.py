"""The version of who may see what: raised by each change of it, so that scopes are worked out once a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update

from ..db import is_reading
from ..versions import versions_of
from .tables import access_state

_RAISE: Final = update(access_state).values(version=access_state.c.version + 1)
_STATE: Final = select(access_state.c.version, access_state.c.latest_at)
_LOCK: Final = select(access_state.c.id).with_for_update()
"""SQLite leaves the lock out, and needs none: whoever writes there has it already."""


@dataclass(frozen=True, slots=True)
class AccessState:
    """Where access stands."""

    version: int
    latest_at: datetime
    """The latest moment at which grants were looked at."""


def raise_access_version(connection: Connection) -> None:
    """Part of every change of people, grants, holds, the trees of departments and regions, and where cameras belong."""
    connection.execute(_RAISE)


def lock_access(connection: Connection) -> None:
    """Let nobody else change who may see what until this transaction ends: for what must hold of several rows."""
    connection.execute(_LOCK)


def access_now(connection: Connection) -> AccessState:
    """The version now, and the clock's high-water mark."""
    if is_reading(connection):
        seen = versions_of(connection)
        return AccessState(seen.access, seen.latest_at)
    row = connection.execute(_STATE).one()
    return AccessState(row.version, row.latest_at)


def note_time(connection: Connection, at: datetime) -> None:
    """Remember that it was `at`: time does not go back behind that for grants."""
    later = access_state.c.latest_at < at
    connection.execute(update(access_state).where(later).values(latest_at=at))
