"""Keeps histories small: what spells tell is counted by day, and what is old is removed."""

import logging
from datetime import timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError
from events import remnants
from registry import epochs
from registry.db import Database
from registry.server_clock import server_time
from registry.uptime.counting import tidy
from registry.uptime.days import Days
from registry.uptime.settings import HistorySettings

_log = logging.getLogger(__name__)

_EVERY_S: Final = 3600.0
_STOP_S: Final = 2.0
_AT_ONCE: Final = 200
"""Rows removed in one transaction: SQLite's writer is not held for long."""
_PAUSE_S: Final = 0.02


class HistoryKeeper:
    """Tidies up once an hour, in a thread of its own, from `start` to `stop`. Any number of workers may do it."""

    def __init__(self, database: Database, settings: HistorySettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._days = Days(settings.zone)
        self._stopping = Flag()
        self._thread = Thread(target=self._run, name="history-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tidy up no more."""
        self._stopping.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                tidy(self._database, self._days, self._settings, self._clock, self._stopping)
                self._remove_old()
            except SharpEyesError as error:
                _log.warning("the streams' history is not tidied up now, and will be in an hour: %s", error.message)
            except Exception:
                # History that is not tidy is slow to read, and nothing worse.
                _log.exception("the streams' history is not tidied up now, and will be in an hour")
            self._clock.sleep(_EVERY_S, self._stopping)

    def _remove_old(self) -> None:
        """Of the epochs, and of what interruptions left: in many short transactions."""
        kept = timedelta(days=self._settings.records_days)
        for prune in (epochs.prune, remnants.prune):
            removed = 1
            while removed and not self._stopping.is_set():
                with self._database.write() as connection:
                    removed = prune(connection, server_time(connection) - kept, _AT_ONCE)
                self._clock.sleep(_PAUSE_S, self._stopping)  # Others want to write, too.
