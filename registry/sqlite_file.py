"""The SQLite file: made for its owner alone, recognised as ours, and tuned to lose nothing."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import BadInput, Unavailable

from .sqlite_writer import LOG_PAGES, SqliteWriter

APPLICATION_ID: Final = 0x53684579
"""'ShEy': stands in the file's header, so that `file` and we know whose database it is."""


def prepare(url: URL) -> Path:
    """The path of the database in `url`, which is made, readable by its owner only, where it is missing.

    Raises `BadInput` for a URL without a file or a file that is something else, `Unavailable` where it cannot be made.
    """
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise BadInput(
            "the database URL names no file", field="database.url", hint="sqlite:////var/lib/sharp-eyes/sharp-eyes.db"
        )
    path = Path(url.database).absolute()
    try:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass  # Another process made it in this moment.
    except OSError as error:
        raise Unavailable(
            f"the database file {path} cannot be opened: {error.strerror}",
            hint="its folder must exist and belong to the user that runs Sharp Eyes",
        ) from error
    # Only SQLite may open the file from here on: when a process closes any descriptor of it, it loses the locks of all
    # its connections (POSIX), and another process could then take away the log that they still read.
    _check_owner(path)
    return path


def tune_to_read(engine: Engine) -> None:
    """Set every connection of `engine` up: it sees one state, and changes nothing."""
    _tune(engine, "PRAGMA query_only=ON", lambda connection: connection.exec_driver_sql("BEGIN"))


def tune_to_write(engine: Engine, writer: SqliteWriter) -> None:
    """Set every connection of `engine` up. Its transactions begin with the lock of `writer`, which waits for it."""
    _tune(engine, "PRAGMA busy_timeout=0", writer.begin)


def _tune(engine: Engine, last: str, begin: Callable[[Connection], object]) -> None:
    """The driver is in autocommit (`isolation_level=None`), because it begins transactions late, and never a reading
    one."""

    def connected(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("PRAGMA cache_size=-32768")  # KiB; the default of 2 MB is small beside millions of events.
            cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
            cursor.execute(last)
        finally:
            cursor.close()

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begin)


def mark_as_ours(connection: Connection) -> None:
    """Write our number into the file's header."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def _check_owner(path: Path) -> None:
    """Refuse the database of another program: our tables have no place in it."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=15)
        try:
            number = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise BadInput(f"{path} is no readable SQLite database: {error}", field="database.url") from error
        raise Unavailable(f"the database file {path} cannot be opened: {error}") from error
    if tables and number != APPLICATION_ID:
        raise BadInput(
            f"{path} is the database of another program (application id {number}, expected {APPLICATION_ID})",
            field="database.url",
            hint="name a file that does not exist yet",
        )
