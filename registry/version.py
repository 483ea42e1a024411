"""The registry's version: workers poll it to see that something they go by has changed."""

from sqlalchemy import Connection, select, update

from .tables import registry_version


def current(connection: Connection) -> int:
    """The version now. It only grows."""
    return int(connection.execute(select(registry_version.c.version)).scalar_one())


def raise_version(connection: Connection) -> int:
    """Raise the version by one, and return it. Part of every change of the registry."""
    raised = update(registry_version).values(version=registry_version.c.version + 1)
    return int(connection.execute(raised.returning(registry_version.c.version)).scalar_one())
