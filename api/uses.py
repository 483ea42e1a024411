"""Notes that sessions and keys were used, a little later: no request waits for it, and losing one is harmless."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Final

from core.access import ApiKeyId
from core.errors import SharpEyesError
from registry.access import api_keys, sessions
from registry.access.sessions import SessionId
from registry.db import Database

_log = logging.getLogger(__name__)
_EVERY_S: Final = 1.0
_AT_ONCE: Final = 500
"""So many in a transaction: SQLite's writer is needed by others."""
_MOST: Final = 20_000


class Uses:
    """What is to be noted. Any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._sessions: dict[SessionId, datetime] = {}
        self._keys: dict[ApiKeyId, datetime] = {}
        self._stopping = Event()

    def note_session(self, number: SessionId, at: datetime) -> None:
        """That a session was used."""
        with self._lock:
            if len(self._sessions) < _MOST:
                self._sessions[number] = at

    def note_key(self, number: ApiKeyId, at: datetime) -> None:
        """That a key was used."""
        with self._lock:
            if len(self._keys) < _MOST:
                self._keys[number] = at

    @contextmanager
    def run(self) -> Iterator[None]:
        """Write down what is noted, each second and once more at the end."""
        thread = Thread(target=self._run, name="uses", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            stopping = self._stopping.wait(_EVERY_S)
            try:
                while self._write_some():
                    pass
            except SharpEyesError as error:
                _log.warning("when sessions and keys were used could not be noted: %s", error.message)

    def _write_some(self) -> bool:
        """Whether there was anything to write."""
        with self._lock:
            used_sessions = [self._sessions.popitem() for _ in range(min(_AT_ONCE, len(self._sessions)))]
            used_keys = [self._keys.popitem() for _ in range(min(_AT_ONCE, len(self._keys)))]
        if not used_sessions and not used_keys:
            return False
        # In one order: two processes that note the same ones do not wait for each other crosswise.
        with self._database.write() as connection:
            for session, at in sorted(used_sessions):
                sessions.note_use(connection, session, at)
            for key, at in sorted(used_keys):
                api_keys.note_use(connection, key, at)
        return True
