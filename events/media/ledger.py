"""Writing down what became of media, with some patience while the database is away."""

import logging
from collections.abc import Callable, Collection
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError, Unavailable
from core.ids import EventId
from registry.db import Database

from ..retention import marks
from . import records
from .records import StoredBlob
from .table import MediaKind

_log = logging.getLogger(__name__)

_RETRY_AFTER_S: Final = (0.5, 2.0)


class MediaLedger:
    """Turns outcomes into media rows, each in a transaction of its own. Any thread may call it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def announce(self, events: Collection[EventId], kind: MediaKind) -> None:
        """Say that media are on their way: should this process die, they are not waited for in vain. Never fails."""
        try:
            with self._database.write() as connection:
                records.mark_pending(connection, events, kind, self._clock.now())
        except SharpEyesError as error:
            _log.info("%s of %d events could not be announced: %s", kind, len(events), error.message)

    def keep(self, event: EventId, kind: MediaKind, blob: StoredBlob) -> None:
        """Say that `blob` can be seen. Raises `Unavailable` after some tries, `NotFound` where there is no event."""

        def write() -> None:
            with self._database.write() as connection:
                records.mark_ready(connection, event, kind, blob, self._clock.now())
                marks.come_late(connection, event, kind)

        self._patiently(write)

    def wait_for_store(self, media: Collection[tuple[EventId, MediaKind]]) -> None:
        """Say that media are made and wait for the store. Raises `Unavailable`, without patience."""
        with self._database.write() as connection:
            records.mark_spooled(connection, media, self._clock.now())

    def give_up(self, event: EventId, kind: MediaKind, reason: str) -> bool:
        """Say why there is nothing to see. False, and a line in the log, where even that could not be written down."""

        def write() -> None:
            with self._database.write() as connection:
                records.mark_failed(connection, event, kind, reason, self._clock.now())

        try:
            self._patiently(write)
        except SharpEyesError as error:
            _log.error("event %d has no %s (%s); that is not written down: %s", event, kind, reason, error.message)
            return False
        return True

    def _patiently(self, write: Callable[[], None]) -> None:
        for wait_s in _RETRY_AFTER_S:
            try:
                return write()
            except Unavailable:
                self._clock.sleep(wait_s)
        return write()
