"""What a driver says about a database that cannot work now, in words that help.

Errors of programming and broken constraints pass unchanged: they are not the database's fault.
"""

import re
import sqlite3
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy.engine import ExceptionContext

from core.errors import SharpEyesError, Unavailable

_SQLITE: Final = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free space on it; nothing of what was written before is lost"),
    sqlite3.SQLITE_BUSY: ("it is locked by another process", "see which other process has the file open"),
    sqlite3.SQLITE_LOCKED: ("it is locked", "see which other process has the file open"),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", "its folder must exist and belong to our user"),
    sqlite3.SQLITE_READONLY: ("the file cannot be written", "file and folder must belong to our user"),
    sqlite3.SQLITE_PERM: ("access was denied", "file and folder must belong to our user"),
    sqlite3.SQLITE_IOERR: ("the disk failed to read or write", "see the system's log for the disk"),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", "restore it from a backup"),
    sqlite3.SQLITE_NOTADB: ("the file is no SQLite database", "see the setting database.url"),
    sqlite3.SQLITE_PROTOCOL: ("its locks do not work", "keep it on a local disk, not on a network share"),
}
_POSTGRESQL: Final = {
    "53100": ("the server's disk is full", "free space on it"),
    "53200": ("the server is out of memory", None),
    "53300": ("the server has no connection free", "raise max_connections, or run fewer processes"),
    "25006": ("the server takes no changes: it is a standby", "name the primary server in the setting database.url"),
    "57014": ("a statement took longer than allowed", None),
    "57P01": ("the server is shutting down", None),
    "57P02": ("the server crashed", None),
    "57P03": ("the server is starting", None),
    "55P03": ("a lock could not be had in time", None),
    "40P01": ("two transactions waited for each other", None),
    "40001": ("another transaction was first", None),
    "25P03": ("a transaction was left idle for too long", None),
    "28P01": ("the server does not take the password", "see the setting database.url"),
    "28000": ("the server does not take the user", "see the setting database.url and the server's pg_hba.conf"),
    "3D000": ("the server has no database of that name", "make it with createdb"),
}


def translate(place: str) -> Callable[[ExceptionContext], SharpEyesError | None]:
    """A handler of SQLAlchemy's `handle_error` for the database at `place` (its URL, with the password hidden)."""

    def handle(context: ExceptionContext) -> SharpEyesError | None:
        found = _words(context.original_exception)
        if found is None:
            return None
        what, hint = found
        return Unavailable(f"the database {place} is not available: {what}", hint=hint, told=_told(what))

    return handle


def _told(what: str) -> str:
    """Without libpq's own words, which name the server, the database and our user there."""
    foreseen = {words for words, _ in (*_SQLITE.values(), *_POSTGRESQL.values())}
    return f"the database is not available{f': {what}' if what in foreseen else ''}"


def _words(error: BaseException) -> tuple[str, str | None] | None:
    match error:
        case sqlite3.Error():
            # Extended codes carry the primary one in their low byte.
            return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        case psycopg.Error(sqlstate=str(state)) if state in _POSTGRESQL:
            return _POSTGRESQL[state]
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return _connection_words(str(error)), None
        case _:
            return None


def _connection_words(text: str) -> str:
    """The first line of libpq's message. It names host and user, never the password; a look for one stays cheap."""
    line = text.strip().splitlines()[0] if text.strip() else "the connection broke"
    return re.sub(r"password=\S+", "password=***", line)
