"""How long to wait before a stream is tried again."""

import random

from .settings import ReaderSettings


class Backoff:
    """Waits that double from `first_wait_s` to `longest_wait_s`, each spread by a fifth to both sides.

    The spread keeps the cameras of one lost uplink from coming back all at once. For one thread.
    """

    def __init__(self, settings: ReaderSettings) -> None:
        self._settings = settings
        self._next = settings.first_wait_s
        self._random = random.SystemRandom()

    def wait_s(self) -> float:
        """Seconds to wait now; the next wait is longer."""
        wait = self._next
        self._next = min(wait * 2, self._settings.longest_wait_s)
        return self._spread(wait)

    def longest_wait_s(self) -> float:
        """Seconds to wait where trying soon does harm: cameras lock an account after a few wrong passwords."""
        self._next = self._settings.longest_wait_s
        return self._spread(self._next)

    def settled(self, live_s: float) -> None:
        """The stream was live for `live_s` seconds: if that was long enough, waits start small again."""
        if live_s >= self._settings.settled_after_s:
            self._next = self._settings.first_wait_s

    def _spread(self, wait: float) -> float:
        return min(wait * self._random.uniform(0.8, 1.2), self._settings.longest_wait_s)
