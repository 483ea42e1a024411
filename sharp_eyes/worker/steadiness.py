"""Whether a worker may judge others by their heartbeats: only once everybody had the chance to renew."""

from datetime import timedelta
from threading import Lock
from typing import Final

from core.clock import Clock
from registry.workers import LEASE

_GAP_S: Final = LEASE.total_seconds()
CLOCK_WAS_SET: Final = timedelta(seconds=1)
"""A database's clock that has moved by more against ours was set: heartbeats of before say nothing then."""


class Steadiness:
    """For how long a lease has been renewed without a gap as long as a lease. Any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None
        self._since = 0.0
        self._lock = Lock()

    def renewed(self, off: timedelta) -> None:
        """The lease was renewed now. `off`: how far the database's clock was from what was expected."""
        with self._lock:
            now = self._clock.monotonic()
            is_first = self._last is None or now - self._last >= _GAP_S
            if is_first or abs(off) > CLOCK_WAS_SET:
                self._since = now
            self._last = now

    @property
    def seconds(self) -> float:
        """For how long; 0 where the lease is not in force."""
        with self._lock:
            now = self._clock.monotonic()
            return 0.0 if self._last is None or now - self._last >= _GAP_S else now - self._since
