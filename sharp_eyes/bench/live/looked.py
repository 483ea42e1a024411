"""What a viewer was shown: how soon, how old, and whether it is what the camera sent."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from .clock import NUMBERS, Reading, read

CURRENT_MS: Final = 1_500
"""A picture that is no older shows what is going on now."""
_CATCHES_UP_MS: Final = 1_000
"""After so long from the first one that is current, a view has done with what came before it was asked for."""


@dataclass(slots=True)
class Looked:
    """The pictures of one view, in order."""

    began: float
    """When it was asked for, monotonic."""
    first_ms: float | None = None
    """From the request to the first picture that was decoded."""
    current_ms: float | None = None
    """From the request to the first one that was current: the original begins with a key frame of before."""
    ages_ms: list[int] = field(default_factory=list)
    """How old each one was when it was decoded, of those that came once the view had caught up."""
    lasted_s: float = 0.0
    """From when it had caught up to the last picture."""
    shown: int = 0
    torn: int = 0
    """Pictures that could not be read."""
    backwards: int = 0
    """Pictures that were no newer than the one before."""
    missing: int = 0
    """Pictures that the camera made between two that were shown."""
    white: int = 0
    """Pictures in which the privacy area is white, as the camera sends it."""
    black: int = 0
    """Pictures in which it is black."""
    _last: int | None = None

    @property
    def fps(self) -> float | None:
        """Pictures a second since it had caught up."""
        return len(self.ages_ms) / self.lasted_s if self.lasted_s > 0 else None

    def add(self, grey: "np.ndarray[Any, Any]", at: float) -> None:
        """A picture was decoded `at`, monotonic."""
        passed_ms = (at - self.began) * 1_000
        self.shown += 1
        self.first_ms = passed_ms if self.first_ms is None else self.first_ms
        found = read(grey, at)
        if found is None:
            self.torn += 1
            return
        self._compare(found)
        if self.current_ms is None:
            if found.age_ms > CURRENT_MS:
                return
            self.current_ms = passed_ms
        caught_up_ms = self.current_ms + _CATCHES_UP_MS
        if passed_ms > caught_up_ms:
            self.ages_ms.append(found.age_ms)
            self.lasted_s = (passed_ms - caught_up_ms) / 1_000

    def _compare(self, found: Reading) -> None:
        self.white += found.covered_is_white
        self.black += found.covered_is_black
        if self._last is not None:
            steps = (found.number - self._last) % NUMBERS
            is_newer = 0 < steps < NUMBERS // 2
            self.backwards += not is_newer
            self.missing += steps - 1 if is_newer else 0
        self._last = found.number
