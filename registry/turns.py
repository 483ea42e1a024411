"""First come, first served: a lock that lets nobody wait while others go past."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag
from threading import Lock


class NoTurn(Exception):
    """Others took too long."""


class Turns:
    """One thread at a time, in the order in which they came.

    A plain lock may be taken again and again by the thread that has just let it go: under load another one waits for
    many seconds then.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_taken = False
        self._waiting: deque[Flag] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._waiting)

    @contextmanager
    def turn(self, wait_s: float) -> Iterator[None]:
        """Wait for a turn, which lasts as long as the context. Raises `NoTurn` after `wait_s` seconds."""
        if not self._take(wait_s):
            raise NoTurn
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, wait_s: float) -> bool:
        mine = Flag()
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            self._waiting.append(mine)
        if mine.wait(wait_s):
            return True
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
