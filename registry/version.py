"""The registry's version: workers poll it to see that something they go by has changed."""

from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select, update

from .db import is_reading
from .tables import registry_version

_CURRENT: Final = select(registry_version.c.version)
_RAISE: Final = (
    update(registry_version).values(version=registry_version.c.version + 1).returning(registry_version.c.version)
)


_seen: Final[WeakKeyDictionary[Connection, int]] = WeakKeyDictionary()
"""What was read of it: a connection for reading sees one state, and is asked for its version several times."""


def current(connection: Connection) -> int:
    """The version now. It only grows."""
    if not is_reading(connection):
        return _read(connection)
    found = _seen.get(connection)
    if found is None:
        found = _seen[connection] = _read(connection)
    return found


def _read(connection: Connection) -> int:
    return int(connection.execute(_CURRENT).scalar_one())


def raise_version(connection: Connection) -> int:
    """Raise the version by one, and return it. Part of every change of the registry."""
    return int(connection.execute(_RAISE).scalar_one())
