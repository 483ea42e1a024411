"""How often somebody may ask: a window that moves with the time, in this process's memory."""

from collections import OrderedDict, deque
from collections.abc import Callable
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Final

from core.access import Principal
from core.clock import Clock
from core.errors import TooMany

_HOME: Final = 64
"""Bits of an IPv6 address that one house has in common: whoever has one address there has all of them."""

_WINDOW_S: Final = 60.0
_MOST_COUNTED: Final = 4096
"""How many are counted at the same time: whoever asks from more addresses than that is not limited by address."""


class Asking(StrEnum):
    """Who asks, as far as limits go."""

    KNOWN = "known"
    STRANGER = "stranger"


class RateLimits:
    """Counts requests of the last minute. Any thread.

    With a list of moments for each who asks: what libraries have for it starts a thread for each request, for which the
    request waits, or keeps the counts in a server of their own.
    """

    def __init__(
        self, clock: Clock, *, known_per_minute: int, strangers_per_minute: int, on_refused: Callable[[Asking], None]
    ) -> None:
        """`on_refused` is told of each request that was one too many."""
        self._most = {Asking.KNOWN: known_per_minute, Asking.STRANGER: strangers_per_minute}
        self._on_refused = on_refused
        self._clock = clock
        self._lock = Lock()
        self._asked: OrderedDict[tuple[Asking, str], deque[float]] = OrderedDict()
        """When each asked in the last minute; who asked last stands last."""

    def count(self, principal: Principal) -> None:
        """Count a request of somebody who is known. Raises `TooMany`."""
        self._count(Asking.KNOWN, f"{principal.kind.value}-{principal.id}")

    def count_stranger(self, address: str) -> None:
        """Count a request of somebody whom nobody knows, by IP address. Raises `TooMany`."""
        self._count(Asking.STRANGER, _house(address))

    def _count(self, asking: Asking, who: str) -> None:
        most, now = self._most[asking], self._clock.monotonic()
        with self._lock:
            moments = self._asked.setdefault((asking, who), deque())
            while moments and moments[0] <= now - _WINDOW_S:
                moments.popleft()
            if len(moments) < most:
                moments.append(now)
                self._asked.move_to_end((asking, who))
                if len(self._asked) > _MOST_COUNTED:
                    self._asked.popitem(last=False)
                return
            again_s = moments[0] + _WINDOW_S - now
        self._on_refused(asking)
        raise TooMany(f"more than {most} requests came in a minute", again_s=max(1.0, again_s), hint="ask less often")


def _house(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _HOME), strict=False))
    return address
