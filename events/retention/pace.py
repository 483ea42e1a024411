"""How many things go in one transaction, so that it is short however long one of them takes."""

from typing import Final

LONG_S: Final = 0.02
"""A transaction that takes longer is followed by smaller ones: those who write events wait for it."""
_PAUSE_S: Final = 0.02


class Pace:
    """How many in the next transaction. Of two threads that share one, each learns from the other."""

    def __init__(self, at_once: int, *, fewest: int, most: int) -> None:
        self.at_once = at_once
        self.pause_s = _PAUSE_S
        """For so long others have their turn now, in seconds."""
        self._fewest = fewest
        self._most = most

    def took(self, seconds: float, count: int) -> None:
        """The statements that removed `count` took so long. The commit is not part of it: it takes as long for few."""
        self.pause_s = max(_PAUSE_S, seconds)
        if seconds > LONG_S:
            self.at_once = max(self._fewest, self.at_once // 2)
        elif seconds < LONG_S / 2 and count >= self.at_once:
            self.at_once = min(self._most, self.at_once + self.at_once // 2 + 1)
