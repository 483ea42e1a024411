"""The versions of the registry and of access that a connection for reading sees: asked for once, in one statement."""

from datetime import datetime
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from .access.tables import access_state
from .tables import registry_version

_BOTH: Final = select(
    select(registry_version.c.version).scalar_subquery(), access_state.c.version, access_state.c.latest_at
)
"""Each table has one row."""


class Versions(NamedTuple):
    """Both, and the clock's high-water mark."""

    registry: int
    access: int
    latest_at: datetime
    """The latest moment at which grants were looked at."""


_seen: Final[WeakKeyDictionary[Connection, Versions]] = WeakKeyDictionary()


def versions_of(connection: Connection) -> Versions:
    """What `connection` sees, which must be one for reading: it sees one state for as long as it lasts."""
    found = _seen.get(connection)
    if found is None:
        found = _seen[connection] = Versions(*connection.execute(_BOTH).one())
    return found
