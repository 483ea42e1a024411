"""The database, for commands that work on it directly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.db import Database
    from registry.idempotency import Transaction

    from ..settings import Settings


@contextmanager
def opened(config: Path | None) -> "Iterator[tuple[Settings, Database]]":
    """The settings and the database that they name, with its tables."""
    from ..preparation import prepare
    from ..settings import load

    settings = load(config)
    database = prepare(settings)
    try:
        yield settings, database
    finally:
        database.close()


@contextmanager
def changing(database: "Database") -> "Iterator[tuple[Transaction, datetime]]":
    """A transaction, and the moment at which it happens."""
    from core.clock import SystemClock

    with database.write() as connection:
        yield connection, SystemClock().now()
