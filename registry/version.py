"""The registry's version: workers poll it to see that something they go by has changed."""

from typing import Final

from sqlalchemy import Connection, select, update

from .db import is_reading
from .tables import registry_version
from .versions import versions_of

_CURRENT: Final = select(registry_version.c.version)
_RAISE: Final = (
    update(registry_version).values(version=registry_version.c.version + 1).returning(registry_version.c.version)
)


def current(connection: Connection) -> int:
    """The version now. It only grows."""
    if is_reading(connection):
        return versions_of(connection).registry
    return int(connection.execute(_CURRENT).scalar_one())


def raise_version(connection: Connection) -> int:
    """Raise the version by one, and return it. Part of every change of the registry."""
    return int(connection.execute(_RAISE).scalar_one())
