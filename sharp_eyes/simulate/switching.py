"""Switches the cameras of a simulated city on and off. They are off, since nothing is behind their addresses."""

from sqlalchemy import update

from registry import tables
from registry.db import Database
from registry.version import raise_version


def switch(database: Database, *, on: bool) -> None:
    """Have all cameras watched, as far as there are workers, or none."""
    with database.write() as connection:
        connection.execute(update(tables.camera).values(enabled=on))
        raise_version(connection)
