"""Which looks are on record already: reading on at the same thing is the same look for a while."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from threading import Lock
from typing import Final

from core.clock import Clock

SAME_LOOK_FOR: Final = timedelta(minutes=5)
_MOST: Final = 16_384
_LOCKS: Final = 64


class RecentLooks:
    """Remembers looks for five minutes, a bounded number of them. Any thread.

    What was forgotten, at a restart for example, simply goes on record again.
    """

    def __init__(self, clock: Clock, *, most: int = _MOST) -> None:
        self._clock = clock
        self._most = most
        self._lock = Lock()
        self._seen: OrderedDict[Hashable, float] = OrderedDict()
        """When each look was recorded, by the monotonic clock; the oldest comes first."""
        self._turns = tuple(Lock() for _ in range(_LOCKS))

    def once(self, look: Hashable, record: Callable[[], None]) -> None:
        """Call `record`, unless that was done for `look` within five minutes. Who asks for the same look meanwhile
        waits until it is on record. What `record` raises is passed on, and nothing is remembered."""
        with self._turns[hash(look) % _LOCKS]:
            if not self._is_recent(look):
                record()
                self._remember(look)

    def _is_recent(self, look: Hashable) -> bool:
        with self._lock:
            at = self._seen.get(look)
        return at is not None and self._clock.monotonic() - at < SAME_LOOK_FOR.total_seconds()

    def _remember(self, look: Hashable) -> None:
        with self._lock:
            self._seen[look] = self._clock.monotonic()
            self._seen.move_to_end(look)
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)
