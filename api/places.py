"""Places for answers that go on: so many at once, and so many of one, until the server stops."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from core.access import Principal, PrincipalKind
from core.errors import TooMany, Unavailable


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What the places are for, and what is said to those who get none."""

    things: str
    are: str
    """What these do while they have a place."""
    too_many: str
    """What somebody is to do who has enough of them."""
    all_taken: str
    """What somebody is to do where others have them all."""
    again_s: float


LIVE_VIEWS: Final = PlaceWords(
    things="live views",
    are="are open",
    too_many="end one of them",
    all_taken="ask again when somebody has stopped looking; api.live_views in sharp-eyes.toml has the number",
    again_s=5.0,
)
EXPORTS: Final = PlaceWords(
    things="exports",
    are="are under way",
    too_many="wait until one of them is done, or end it",
    all_taken="ask again when one of them is done",
    again_s=10.0,
)


class Places:
    """Who has one now. For the event loop alone."""

    def __init__(self, words: PlaceWords, *, at_once: int, of_one: int) -> None:
        """`at_once` are all places, `of_one` those of one person or key."""
        self._words = words
        self._at_once = at_once
        self._of_one = of_one
        self._of: Counter[tuple[PrincipalKind, int]] = Counter()
        self._cuts: set[asyncio.Event] = set()
        self._ended = False

    @property
    def taken(self) -> int:
        """How many are taken."""
        return len(self._cuts)

    def end(self) -> None:
        """Cut all off and take no more: the server stops."""
        self._ended = True
        for cut_off in self._cuts:
            cut_off.set()

    @contextmanager
    def join(self, who: Principal) -> Iterator[asyncio.Event]:
        """A place for `who`, with what is set when it is to be cut off. Raises `TooMany` where `who` has enough of
        them, `Unavailable` where all are taken, or the server stops."""
        words = self._words
        if self._ended:
            raise Unavailable("the server is stopping", hint="ask again in a moment")
        one = who.kind, who.id
        if self._of[one] >= self._of_one:
            raise TooMany(
                f"{self._of_one} {words.things} of yours {words.are}, and no more are allowed at once",
                again_s=words.again_s,
                hint=words.too_many,
            )
        if len(self._cuts) >= self._at_once:
            raise Unavailable(
                f"{len(self._cuts)} {words.things} {words.are}, and no more are allowed at once", hint=words.all_taken
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
