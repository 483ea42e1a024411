"""Work that takes much memory and time: a few at once, some wait, the rest is turned away."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

from core.errors import TooMany

_AGAIN_S: Final = 2.0


class FewAtOnce:
    """Lets `at_once` threads in, and has at most `waiting` more wait. Any thread."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most = at_once + waiting
        self._turns = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._here = 0

    @property
    def here(self) -> int:
        """How many are at work or wait."""
        return self._here

    @contextmanager
    def turn(self, what: str) -> Iterator[None]:
        """A turn, which lasts as long as the context. Raises `TooMany` where too many wait already; `what` says in it
        what they do: `sign in`."""
        with self._lock:
            if self._here >= self._most:
                raise TooMany(f"too many {what} at this moment", again_s=_AGAIN_S, hint="try again in some seconds")
            self._here += 1
        try:
            with self._turns:
                yield
        finally:
            with self._lock:
                self._here -= 1
