"""The places for live views: so many at once, and so many of one, until the server stops."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.access import Principal, PrincipalKind
from core.errors import TooMany, Unavailable

MOST_OF_ONE: Final = 16
"""Of one person or key: a wall of cameras."""
_AGAIN_S: Final = 5.0


class LivePlaces:
    """Who looks live now. For the event loop alone."""

    def __init__(self, most: int, *, of_one: int = MOST_OF_ONE) -> None:
        self._most = most
        self._of_one = of_one
        self._of: Counter[tuple[PrincipalKind, int]] = Counter()
        self._cuts: set[asyncio.Event] = set()
        self._ended = False

    @property
    def taken(self) -> int:
        """How many look."""
        return len(self._cuts)

    def end(self) -> None:
        """End all views and take no more: the server stops."""
        self._ended = True
        for cut_off in self._cuts:
            cut_off.set()

    @contextmanager
    def join(self, who: Principal) -> Iterator[asyncio.Event]:
        """A place for a view of `who`, with what is set when the server stops. Raises `TooMany` where `who` has enough
        of them, `Unavailable` where all are taken, or the server stops."""
        if self._ended:
            raise Unavailable("the server is stopping", hint="ask again in a moment")
        one = who.kind, who.id
        if self._of[one] >= self._of_one:
            raise TooMany(
                f"{self._of_one} live views of yours are open, and no more are allowed at once",
                again_s=_AGAIN_S,
                hint="end one of them",
            )
        if len(self._cuts) >= self._most:
            raise Unavailable(
                f"{len(self._cuts)} live views are open, and no more are allowed at once",
                hint="ask again when somebody has stopped looking; api.live_views in sharp-eyes.toml has the number",
            )
        cut_off = asyncio.Event()
        self._cuts.add(cut_off)
        self._of[one] += 1
        try:
            yield cut_off
        finally:
            self._cuts.discard(cut_off)
            self._of[one] -= 1
            if not self._of[one]:
                del self._of[one]
