"""What waits in a worker's outbox: a row for each medium, in an SQLite file of the worker's slot."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from core.ids import EventId

from ..spool_file import SpoolFile
from .records import StoredBlob
from .table import MediaKind

FORM: Final = 1
APPLICATION_ID: Final = 0x53684F62
"""'ShOb': stands in the file's header, so that no other file is taken for an outbox."""
_TABLES: Final = """
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    seconds REAL,
    width INTEGER,
    height INTEGER,
    at REAL NOT NULL,
    is_sent INTEGER NOT NULL,
    is_told INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    again_at REAL NOT NULL DEFAULT 0
);
"""
_COLUMNS: Final = "event, kind, key, bytes, sha256, seconds, width, height, at, is_sent"
_LONGEST_WAIT_S: Final = 120.0
"""Nothing is put off for longer: what is, was put off by a clock that was set back since."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A medium that waits to be sent, or to be put on record."""

    event: EventId
    kind: MediaKind
    blob: StoredBlob
    at: datetime
    """Since when; UTC."""
    is_sent: bool
    """The store has it; only its row is missing."""


@dataclass(frozen=True, slots=True)
class Total:
    """How much waits."""

    media: int = 0
    bytes: int = 0
    """Of those that the store has not got."""
    oldest_at: datetime | None = None


class OutboxFile:
    """Any thread may call it. Every method raises `Unavailable` where the disk does not do its part."""

    def __init__(self, path: Path) -> None:
        self._file = SpoolFile(
            path,
            _TABLES,
            FORM,
            application_id=APPLICATION_ID,
            lost="what lies beside it is put in again by its name",
        )

    def put(self, media: Collection[Waiting]) -> None:
        """Keep them: on disk when this returns. What has the same key is replaced, and waits anew."""
        with self._file.transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO waiting ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [_columns(one) for one in media],
            )

    def due(self, now: datetime, limit: int) -> list[Waiting]:
        """At most `limit` of those that are not put off, those that came first."""
        at = now.timestamp()
        with self._file.transaction() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM waiting WHERE again_at <= ? OR again_at > ? ORDER BY seq LIMIT ?",  # noqa: S608
                (at, at + _LONGEST_WAIT_S, limit),
            ).fetchall()
        return [_waiting(row) for row in rows]

    def put_off(self, key: str, now: datetime) -> None:
        """It failed: its turn comes again in a second, and later each time, up to a minute."""
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE waiting SET tries = tries + 1, again_at = ? + min(60, 1 << min(tries, 6)) WHERE key = ?",
                (now.timestamp(), key),
            )

    def mark_sent(self, key: str) -> None:
        """The store has it."""
        with self._file.transaction() as connection:
            connection.execute("UPDATE waiting SET is_sent = 1 WHERE key = ?", (key,))

    def remove(self, key: str) -> None:
        """Forget it."""
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM waiting WHERE key = ?", (key,))

    def untold(self, limit: int) -> list[Waiting]:
        """At most `limit` of those of which the database does not know that they wait, those that came first."""
        with self._file.transaction() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM waiting WHERE is_told = 0 ORDER BY seq LIMIT ?",  # noqa: S608
                (limit,),
            ).fetchall()
        return [_waiting(row) for row in rows]

    def mark_told(self, media: Collection[Waiting]) -> None:
        """The database knows that these wait."""
        with self._file.transaction() as connection:
            connection.executemany("UPDATE waiting SET is_told = 1 WHERE key = ?", [(one.blob.key,) for one in media])

    def has(self, key: str) -> bool:
        with self._file.transaction() as connection:
            return connection.execute("SELECT 1 FROM waiting WHERE key = ?", (key,)).fetchone() is not None

    def total(self) -> Total:
        with self._file.transaction() as connection:
            return _total(connection)

    def close(self) -> None:
        self._file.close()


def total_in(path: Path) -> Total:
    """What waits in the outbox file at `path`, as far as can be seen from outside. Nothing is written there."""
    try:
        with _from_outside(path) as connection:
            return _total(connection)
    except sqlite3.Error:
        return Total()


@contextmanager
def _from_outside(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise sqlite3.OperationalError(f"there is no {path}")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def _total(connection: sqlite3.Connection) -> Total:
    media, length, oldest = connection.execute(
        "SELECT count(*), coalesce(sum(CASE WHEN is_sent THEN 0 ELSE bytes END), 0), min(at) FROM waiting"
    ).fetchone()
    return Total(media, length, None if oldest is None else datetime.fromtimestamp(oldest, UTC))


def _columns(one: Waiting) -> tuple[object, ...]:
    blob = one.blob
    row = (one.event, one.kind.value, blob.key, blob.bytes, blob.sha256, blob.seconds, blob.width, blob.height)
    return (*row, one.at.timestamp(), int(one.is_sent))


def _waiting(row: Sequence[Any]) -> Waiting:
    event, kind, key, length, sha256, seconds, width, height, at, is_sent = row
    blob = StoredBlob(key, length, seconds, width, height, sha256)
    return Waiting(EventId(event), MediaKind(kind), blob, datetime.fromtimestamp(at, UTC), bool(is_sent))
