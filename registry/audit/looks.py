"""Puts looks on record before anything is shown."""

import logging
from typing import Protocol

from core.errors import SharpEyesError

from ..db import Database
from .entry import Entry, put

_log = logging.getLogger(__name__)


class Looks(Protocol):
    """Where looks go. Any thread, but none that holds a transaction: on SQLite it would wait for itself."""

    def record(self, entry: Entry) -> None:
        """Return once `entry` is on record. Raises `Unavailable` where it cannot be: then nothing is shown."""

    def submit(self, entry: Entry) -> None:
        """Put `entry` on record soon, without waiting: for refusals, which show nothing. Raises nothing."""


class PlainLooks:
    """Each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, entry: Entry) -> None:
        """See `Looks.record`."""
        with self._database.write() as connection:
            put(connection, entry)

    def submit(self, entry: Entry) -> None:
        """See `Looks.submit`."""
        try:
            self.record(entry)
        except SharpEyesError as error:
            _log.error("a refusal could not be put on record: %s", error.message)
