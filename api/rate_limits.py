"""How often somebody may ask: a window that moves with the time, in this process's memory."""

import time
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from core.access import Principal
from core.errors import TooMany

_HOME: Final = 64
"""Bits of an IPv6 address that one house has in common: whoever has one address there has all of them."""

_MOST_COUNTED: Final = 4096
"""How many are counted at the same time: whoever asks from more addresses than that is not limited by address."""


class Asking(StrEnum):
    """Who asks, as far as limits go."""

    KNOWN = "known"
    STRANGER = "stranger"


class RateLimits:
    """Counts requests of the last minute. Any thread."""

    def __init__(
        self, *, known_per_minute: int, strangers_per_minute: int, on_refused: Callable[[Asking], None]
    ) -> None:
        """`on_refused` is told of each request that was one too many."""
        self._storage = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._storage)
        self._lock = Lock()
        self._counted: OrderedDict[str, None] = OrderedDict()
        self._known = RateLimitItemPerMinute(known_per_minute, namespace=Asking.KNOWN)
        self._strangers = RateLimitItemPerMinute(strangers_per_minute, namespace=Asking.STRANGER)
        self._on_refused = on_refused

    def count(self, principal: Principal) -> None:
        """Count a request of somebody who is known. Raises `TooMany`."""
        self._count(Asking.KNOWN, self._known, f"{principal.kind.value}-{principal.id}")

    def count_stranger(self, address: str) -> None:
        """Count a request of somebody whom nobody knows, by IP address. Raises `TooMany`."""
        self._count(Asking.STRANGER, self._strangers, _house(address))

    def _count(self, asking: Asking, most: RateLimitItemPerMinute, who: str) -> None:
        with self._lock:
            if self._windows.hit(most, who):
                self._bound(most.key_for(who))
                return
            again_s = self._windows.get_window_stats(most, who).reset_time - time.time()
        self._on_refused(asking)
        raise TooMany(
            f"more than {most.amount} requests came in a minute", again_s=max(1.0, again_s), hint="ask less often"
        )

    def _bound(self, key: str) -> None:
        """The storage never forgets a key by itself, and walks all of them time and again."""
        self._counted[key] = None
        self._counted.move_to_end(key)
        if len(self._counted) > _MOST_COUNTED:
            oldest, _ = self._counted.popitem(last=False)
            with self._storage.locks[oldest]:
                self._storage.clear(oldest)


def _house(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _HOME), strict=False))
    return address
