"""A name that is taken already, told apart from other faults."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict


@contextmanager
def conflict_if_taken(connection: Connection, message: str, *, hint: str | None = None) -> Iterator[None]:
    """Raise `Conflict` with `message` where the block breaks a constraint. The transaction goes on as it was before."""
    savepoint = connection.begin_nested()
    try:
        yield
    except IntegrityError as error:
        savepoint.rollback()
        raise Conflict(message, hint=hint) from error
    # After any other error the whole transaction ends, and SQLite may have dropped it, savepoint and all, already.
    savepoint.commit()
