"""The spool: events on a worker's disk that the database has not taken yet."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from core.errors import SharpEyesError, Unavailable
from core.event import Event
from core.ids import CameraId

from .spool_file import SpoolFile
from .spool_form import FORM, event_of, event_text

_log = logging.getLogger(__name__)

MOST: Final = 1_000_000
"""Events in a spool, about a gigabyte. Past that there is no room, as on a full disk."""
MOST_REFUSED: Final = 10_000
"""Events that are kept for a person to look at, the newest ones."""
_TABLES: Final = """
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    camera INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    n INTEGER NOT NULL,
    version INTEGER NOT NULL,
    is_new INTEGER NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (camera, epoch, n)
);
CREATE TABLE refused (
    camera INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (camera, epoch, n)
);
"""
_INSERT: Final = """
INSERT INTO waiting (camera, epoch, n, version, is_new, event)
VALUES (:camera, :epoch, :n, :version, :is_new, :event) ON CONFLICT DO NOTHING
"""
_RENEW: Final = """
UPDATE waiting SET version = :version, event = :event
WHERE camera = :camera AND epoch = :epoch AND n = :n AND version < :version
"""
_DELETE: Final = """
DELETE FROM waiting WHERE camera = :camera AND epoch = :epoch AND n = :n AND version <= :version RETURNING is_new
"""
_ANY_VERSION: Final = (1 << 63) - 1
_Row = dict[str, Any]


class Spool:
    """Keeps the newest version of each event, in the order in which the events came first. Any thread may call it.

    Every method raises `Unavailable` where the disk does not do its part; then nothing has changed.
    """

    def __init__(self, path: Path, *, most: int = MOST, most_refused: int = MOST_REFUSED) -> None:
        """The spool at `path`, with what an earlier process left there.

        One that cannot be opened now is opened when it is used: a worker without a spool is better than none.
        """
        self._file = SpoolFile(path, _TABLES, FORM)
        self._most = most
        self._most_refused = most_refused
        self._length = self._new = 0
        self._counted_in = 0
        """In which opening of the file."""
        try:
            with self._transaction():
                pass
        except Unavailable as error:
            _log.error("events cannot be kept while the database is away: %s", error.message)

    def __len__(self) -> int:
        """How many events wait."""
        return self._length

    @property
    def new(self) -> int:
        """How many of them are in the database in no version."""
        return self._new

    def put(self, events: Sequence[Event], *, is_known: Callable[[Event], bool] = lambda _: False) -> None:
        """Keep these versions: on disk when this returns. One that is not newer than what is kept changes nothing.

        `is_known` says of which events the database has an older version.
        """
        rows = [_row(event, is_new=not is_known(event)) for event in events]
        with self._transaction() as connection:
            for row in rows:
                if connection.execute(_INSERT, row).rowcount:
                    self._count(1, is_new=row["is_new"])
            if len(self) > self._most:
                raise Unavailable(
                    f"the spool {self._file.path} is full: {self._most} events wait for the database",
                    hint="bring the database back; what is in the spool is not lost",
                )
            connection.executemany(_RENEW, rows)

    def next(self, limit: int) -> list[Event]:
        """At most `limit` events, those that came first. They stay until they are removed.

        What cannot be read as an event is set aside.
        """
        events: list[Event] = []
        with self._transaction() as connection:
            for row in connection.execute("SELECT * FROM waiting ORDER BY seq LIMIT ?", (limit,)).fetchall():
                _, camera, epoch, n, _, _, text = row
                try:
                    events.append(event_of(text))
                except (ValueError, KeyError, TypeError, SharpEyesError) as error:
                    key = {"camera": camera, "epoch": epoch, "n": n, "event": text}
                    self._refuse(connection, key, f"it cannot be read: {error!r}")
        return events

    def remove(self, events: Sequence[Event]) -> None:
        """Forget these versions; where a newer one came meanwhile, that stays."""
        with self._transaction() as connection:
            for event in events:
                self._delete(connection, _key(event) | {"version": event.version})

    def set_aside(self, event: Event, reason: str) -> None:
        """Keep an event that the database refuses where it holds up no other, for a person to look at."""
        with self._transaction() as connection:
            self._refuse(connection, _key(event) | {"event": event_text(event)}, reason)

    def refused(self) -> list[tuple[CameraId, str]]:
        """Of the events that were set aside, the camera and why."""
        with self._transaction() as connection:
            rows = connection.execute("SELECT camera, reason FROM refused ORDER BY at, camera, n").fetchall()
        return [(CameraId(camera), reason) for camera, reason in rows]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        before = self._length, self._new
        with self._file.transaction() as connection:
            if self._counted_in != self._file.openings:
                counted = "SELECT count(*), coalesce(sum(is_new), 0) FROM waiting"
                before = self._length, self._new = connection.execute(counted).fetchone()
                self._counted_in = self._file.openings
            try:
                yield connection
            except BaseException:
                self._length, self._new = before
                raise

    def _count(self, more: int, *, is_new: int) -> None:
        self._length += more
        self._new += more * is_new

    def _delete(self, connection: sqlite3.Connection, row: _Row) -> None:
        for (is_new,) in connection.execute(_DELETE, row).fetchall():
            self._count(-1, is_new=is_new)

    def _refuse(self, connection: sqlite3.Connection, row: _Row, reason: str) -> None:
        _log.error("an event of camera %d is set aside in %s: %s", row["camera"], self._file.path, reason)
        connection.execute(
            "INSERT OR REPLACE INTO refused (camera, epoch, n, at, reason, event) "
            "VALUES (:camera, :epoch, :n, :at, :reason, :event)",
            row | {"at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason},
        )
        connection.execute(
            "DELETE FROM refused WHERE rowid <= (SELECT max(rowid) FROM refused) - ?", (self._most_refused,)
        )
        self._delete(connection, row | {"version": _ANY_VERSION})


def has_waiting(path: Path) -> bool:
    """Whether events wait in the spool at `path`, as far as can be seen from outside. Nothing is written there."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM waiting LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False


def _key(event: Event) -> _Row:
    return {"camera": event.camera, "epoch": event.origin.epoch, "n": event.origin.n}


def _row(event: Event, *, is_new: bool) -> _Row:
    return _key(event) | {"version": event.version, "is_new": int(is_new), "event": event_text(event)}
