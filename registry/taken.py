"""A name that is taken already, told apart from other faults."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict


@contextmanager
def conflict_if_taken(connection: Connection, message: str, *, hint: str | None = None) -> Iterator[None]:
    """Raise `Conflict` with `message` where the block breaks a constraint. The transaction goes on as it was before."""
    try:
        with connection.begin_nested():
            yield
    except IntegrityError as error:
        raise Conflict(message, hint=hint) from error
