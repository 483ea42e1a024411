"""Whether those who are given an answer that goes on and on may still have it: asked every second, for all at once."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from core.clock import Clock
from core.errors import SharpEyesError
from registry.access.version import access_now
from registry.db import Database
from registry.idempotency import Transaction
from registry.visibility import Scope

_EVERY_S: Final = 1.0
_BLIND_AFTER_S: Final = 4.0
"""For so long what was last known of everybody's rights is good enough where the database is away."""
_log = logging.getLogger(__name__)


class Standing(Protocol):
    """Who is given the answer: a `Caller`."""

    def is_still_in_force(self, connection: Transaction) -> bool:
        """Whether the session or key would still let the same one in."""

    def scope(self, connection: Transaction) -> Scope:
        """What may be seen now."""


class Watched(Protocol):
    """The answer. Called in the event loop."""

    def go_on(self, scope: Scope) -> None:
        """From now on show what is within `scope`."""

    def end(self) -> None:
        """End at once: the session or key is over."""


@dataclass(slots=True, eq=False)
class _Place:
    who: Standing
    scope: Scope
    answer: Watched


class StandingWatch:
    """Asks for the version of access once a second, whoever many are watched, and works out anew what they may see when
    it has changed or a grant has begun or ended; and asks whether each is still in force."""

    def __init__(
        self, database: Database, clock: Clock, *, every_s: float = _EVERY_S, blind_after_s: float = _BLIND_AFTER_S
    ) -> None:
        self._database = database
        self._clock = clock
        self._every_s = every_s
        self._blind_after_s = blind_after_s
        self.is_blind = False
        """Whether nobody knows who may still have what: it could not be asked for `blind_after_s`."""
        self._places: set[_Place] = set()
        self._stopping = threading.Event()

    @contextmanager
    def run(self) -> Iterator[None]:
        """Watch while inside, which is in an event loop."""
        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=self._watch, args=(loop,), name="standing-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join(timeout=5)

    @contextmanager
    def watch(self, who: Standing, scope: Scope, answer: Watched) -> Iterator[None]:
        """Have `answer`, which shows `scope`, told what becomes of it while inside, which is in the event loop."""
        place = _Place(who, scope, answer)
        self._places = self._places | {place}
        try:
            yield
        finally:
            self._places = self._places - {place}

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        asked_at = self._clock.monotonic()
        while not self._clock.sleep(self._every_s, self._stopping):
            try:
                self._look(loop)
                asked_at, self.is_blind = self._clock.monotonic(), False
            except Exception as error:  # whatever ails the database, the watch outlives it
                self.is_blind = self._clock.monotonic() - asked_at >= self._blind_after_s
                unknown = None if isinstance(error, SharpEyesError) else error
                _log.warning("it cannot be asked who may still follow: %s", error, exc_info=unknown)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        places = self._places  # never changed, only replaced
        if not places:
            return
        with self._database.read() as connection:
            state = access_now(connection)
            now = max(self._clock.now(), state.latest_at)
            for place in places:
                if not place.who.is_still_in_force(connection):
                    loop.call_soon_threadsafe(place.answer.end)
                elif place.scope.version != state.version or _is_over(place.scope, now):
                    place.scope = place.who.scope(connection)
                    loop.call_soon_threadsafe(place.answer.go_on, place.scope)


def _is_over(scope: Scope, now: datetime) -> bool:
    return scope.ends_at is not None and scope.ends_at <= now
