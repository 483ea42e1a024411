"""The filter of somebody who follows events: it keeps up with cameras and departments as they are changed."""

import logging
from typing import Final

import anyio
from anyio import to_thread

from core.clock import Clock
from core.errors import SharpEyesError, Unavailable
from events.index.event_filter import EventFilter
from events.index.sieve import Sieve
from events.index.stored import StoredEvent
from registry.db import Database
from registry.reach import Reach

_EVERY_S: Final = 1.0
_log = logging.getLogger(__name__)


class LiveFilter:
    """Lets events pass that fit `asked`."""

    def __init__(self, database: Database, clock: Clock, asked: EventFilter, reach: Reach) -> None:
        """`make` must be called before events come."""
        self.reach = reach
        """What who follows may see now: where other cameras stand and what is said of them is not told by a filter."""
        self._database = database
        self._clock = clock
        self._asked = asked
        self._sieve: Sieve | None = None
        self._made_within = reach

    def make(self) -> None:
        """Make it of the registry and the reach as they are now, unless it is still as good. In the thread pool.

        Raises `BadInput` for what cannot be asked, and `Unavailable`.
        """
        reach = self.reach
        with self._database.read() as connection:
            if self._sieve is None or self._made_within is not reach or self._sieve.is_stale(connection):
                self._sieve = Sieve.of(connection, self._asked, now=self._clock.now(), reach=reach)
                self._made_within = reach

    def fits(self, stored: StoredEvent) -> bool:
        """Whether `stored` passes."""
        return self._sieve is not None and self._sieve.fits(stored)

    async def keep_fresh(self) -> None:
        """Ask each second whether the registry has changed, where that matters, and return when the filter asks for
        what cannot be any more."""
        while self._sieve is None or self._sieve.registry_version is not None:
            await anyio.sleep(_EVERY_S)
            try:
                await to_thread.run_sync(self.make)
            except Unavailable as error:
                _log.warning("it cannot be asked whether a filter is still as good: %s", error)
            except SharpEyesError as error:
                _log.warning("a filter of somebody who follows cannot be asked any more: %s", error)
                return
        await anyio.sleep_forever()
