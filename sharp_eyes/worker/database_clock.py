"""The database's time, told by this machine's monotonic clock: a wall clock that is wrong here is not noticed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Lock
from typing import Final

from core.clock import Clock

_SLEWED: Final = timedelta(seconds=1)
"""Larger corrections are steps: the database's clock was set."""
_SLEW_RATE: Final = 0.02
"""A small correction is spread: 20 ms in each second."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """At `monotonic` it was `at`, and from there it runs, until `correction` is made good."""

    monotonic: float
    at: datetime
    correction: timedelta

    def now(self, monotonic: float) -> datetime:
        passed_s = monotonic - self.monotonic
        made_good_s = min(abs(self.correction.total_seconds()), passed_s * _SLEW_RATE)
        forwards = self.correction > timedelta(0)
        return self.at + timedelta(seconds=passed_s + (made_good_s if forwards else -made_good_s))


class DatabaseClock:
    """A `Clock` that is anchored to the database's at each renewal of the lease, and runs by itself between them.

    Before the first anchor it tells this machine's time. It never runs backwards but where the database's clock was set
    back by more than a second. Any thread.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._anchor = _Anchor(machine.monotonic(), machine.now(), timedelta(0))
        self._is_anchored = False
        self._lock = Lock()

    def now(self) -> datetime:
        return self._anchor.now(self._machine.monotonic())

    def monotonic(self) -> float:
        return self._machine.monotonic()

    def sleep(self, seconds: float, wake: Flag | None = None) -> bool:
        return self._machine.sleep(seconds, wake)

    def off(self, told: datetime, asked: float, answered: float) -> timedelta:
        """How far this clock is off where the database told the time `told` between the moments `asked` and `answered`
        (monotonic seconds)."""
        return told - self._anchor.now((asked + answered) / 2)

    def anchor(self, told: datetime, asked: float, answered: float) -> timedelta:
        """The database told the time `told` between the moments `asked` and `answered` (monotonic seconds).

        How far this clock was off. What lies within the round trip is no error: nobody knows better.
        """
        with self._lock:
            monotonic = self._machine.monotonic()
            shown = self._anchor.now(monotonic)
            half_s = (answered - asked) / 2
            off = told + timedelta(seconds=monotonic - asked - half_s) - shown
            if not self._is_anchored or abs(off) > _SLEWED:
                self._anchor = _Anchor(monotonic, shown + off, timedelta(0))
            elif abs(off.total_seconds()) > half_s:
                self._anchor = _Anchor(monotonic, shown, off)
            self._is_anchored = True
            return off
