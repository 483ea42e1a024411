"""The spool's file: an SQLite database of a worker's own, which is set aside where it cannot be read."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from core.errors import Unavailable

_log = logging.getLogger(__name__)

APPLICATION_ID: Final = 0x53685370
"""'ShSp': stands in the file's header, so that no other file is taken for a spool."""
_WAIT_S: Final = 1
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class _NoSpool(Exception):
    """The file is damaged, or is no spool of ours."""


class SpoolFile:
    """Transactions on the file, one at a time. Any thread may call it.

    What was committed survives the death of the process and of the machine. A file that is damaged, or is something
    else, is kept under another name, and a new one is begun.
    """

    def __init__(
        self,
        path: Path,
        tables: str,
        form: int,
        *,
        application_id: int = APPLICATION_ID,
        lost: str = "events in it are not in the database",
    ) -> None:
        """`tables` is the SQL that makes them, `form` the number of their form. The file is opened when it is used.

        `lost` says in the log what it means where the file cannot be read.
        """
        self.path = path
        self._application_id = application_id
        self._lost = lost
        self._tables = tables
        self._form = form
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self.openings = 0
        """How often it was opened: what was known of the file before may not hold any more."""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction: durable at the end of the block, undone where it raises.

        Raises `Unavailable` where the disk does not do its part, or the file was damaged and has been set aside.
        """
        with self._lock, self._told():
            connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite itself ends some of those that fail.
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file. Whoever uses it afterwards opens it again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite and the system say about the disk, in our words."""
        try:
            yield
        except sqlite3.Error as error:
            if _is_damage(error):
                self._set_aside(str(error))
            raise Unavailable(
                f"the spool {self.path} cannot be used: {error}",
                hint="see its disk, and whom its folder belongs to",
                told="the worker's disk does not do its part",
            ) from error
        except OSError as error:
            raise Unavailable(
                f"the spool {self.path} cannot be opened: {error.strerror}",
                hint="its folder must exist and belong to the user that runs Sharp Eyes",
                told="the worker's disk does not do its part",
            ) from error

    def _open(self) -> sqlite3.Connection:
        with suppress(FileExistsError):
            self._make()
        try:
            self._connection = self._checked()
        except _NoSpool as error:
            self._set_aside(str(error))
            self._make()
            self._connection = self._checked()
        self.openings += 1
        return self._connection

    def _make(self) -> None:
        """An empty file, readable by its owner alone."""
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def _checked(self) -> sqlite3.Connection:
        """A connection to a spool whose tables are there. Raises `_NoSpool` for a file that is none."""
        connection = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        try:
            self._check(connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error) and _is_damage(error):
                raise _NoSpool(str(error)) from error
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        number, form, tables = (
            connection.execute(question).fetchone()[0]
            for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema")
        )
        if tables and (number, form) != (self._application_id, self._form):
            raise _NoSpool(
                f"its application number is {number} and its form {form}; expected {self._application_id}, {self._form}"
            )
        connection.execute("PRAGMA auto_vacuum=FULL")  # What a long outage filled is given back to the disk.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA journal_size_limit=4000000")
        connection.execute("PRAGMA synchronous=FULL")
        if not tables:
            marks = f"PRAGMA application_id={self._application_id}; PRAGMA user_version={self._form};"
            connection.executescript(f"BEGIN IMMEDIATE; {self._tables} {marks} COMMIT;")
        elif (found := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _NoSpool(f"it is damaged: {found}")

    def _set_aside(self, why: str) -> None:
        """Give the file another name, and what SQLite has beside it."""
        self._close()
        kept = f"{self.path}.set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{ending}").rename(f"{kept}{ending}")
        _log.error(
            "the spool %s cannot be read: %s. It is kept as %s; %s, and a new spool is begun",
            *(self.path, why, kept, self._lost),
        )


def _is_damage(error: sqlite3.Error) -> bool:
    # Extended codes carry the primary one in their low byte.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
