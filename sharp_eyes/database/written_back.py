"""Has a database write its changed pages to their places now, and not while something is measured."""

from contextlib import closing, suppress

from sqlalchemy.exc import ProgrammingError

from core.errors import SharpEyesError
from registry.db import Engines, open_database


def write_back(url: str) -> None:
    """Write all back that the server at `url` keeps in its memory. Nothing for SQLite, and for users that PostgreSQL
    does not allow to say so (`pg_checkpoint`)."""
    with closing(open_database(url)) as database:
        if database.kind is not Engines.POSTGRESQL:
            return
        with suppress(ProgrammingError, SharpEyesError), database.write() as connection:
            connection.exec_driver_sql("CHECKPOINT")
