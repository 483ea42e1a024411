"""Switches the cameras of a simulated city on. They are off, since nothing is behind their addresses."""

from typing import Final

from sqlalchemy import func, select, update

from registry import tables
from registry.db import Database
from registry.version import raise_version

_AT_ONCE: Final = 5_000


def switch_on(database: Database) -> None:
    """Have all cameras watched, as far as there are workers."""
    with database.read() as connection:
        last = connection.execute(select(func.max(tables.camera.c.id))).scalar_one() or 0
    for first in range(0, last + 1, _AT_ONCE):
        some = tables.camera.c.id.between(first, first + _AT_ONCE - 1)
        with database.write() as connection:
            connection.execute(update(tables.camera).where(some).values(enabled=True))
            raise_version(connection)
