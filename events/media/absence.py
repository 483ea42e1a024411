"""How long the store has been away, and whom that is told."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Final

from core.clock import Clock

_log = logging.getLogger(__name__)

SAID_AFTER_S: Final = 30.0
"""A store that is back sooner is not worth a word; and while it is away that is said again so often."""


class Absence:
    """Tells when the store has been away for half a minute, and when it is back. Any thread."""

    def __init__(self, clock: Clock, tell: Callable[[str | None], None]) -> None:
        """`tell` is called with why it is away, now and then while that lasts; with None once it is back, and when it
        works for the first time: a process before this one may have said that it is away. What `tell` raises is logged;
        that it is back is told again then."""
        self._clock = clock
        self._tell = tell
        self._lock = Lock()
        self._since: float | None = None
        self._said_at: float | None = None
        self._must_say_back = True

    @property
    def seconds(self) -> float:
        """How long it has been away; 0 where it is there, or nothing was asked of it."""
        since = self._since
        return 0.0 if since is None else self._clock.monotonic() - since

    def is_away(self, why: str) -> None:
        """It has just failed."""
        now = self._clock.monotonic()
        with self._lock:
            if self._since is None:
                self._since = now
            if now - (self._since if self._said_at is None else self._said_at) < SAID_AFTER_S:
                return
            self._said_at = now
            self._must_say_back = True
        self._say(why)

    def is_back(self) -> None:
        """It has just done what was asked."""
        with self._lock:
            is_to_say, self._must_say_back = self._must_say_back, False
            self._since = self._said_at = None
        if is_to_say and not self._say(None):
            with self._lock:
                self._must_say_back = True

    def _say(self, why: str | None) -> bool:
        """Whether it could be told."""
        try:
            self._tell(why)
        except Exception as error:
            # Whoever is told may need a database that is away too: sending must go on.
            _log.warning("that the store is %s could not be told: %s", "back" if why is None else "away", error)
            return False
        return True
