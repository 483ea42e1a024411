"""When a picture was taken, as far as its arrival tells."""

from datetime import datetime, timedelta
from fractions import Fraction

_TOLERANCE = timedelta(seconds=1)
_OLDEST = timedelta(seconds=2)
"""How long a picture may have been on its way and in the decoder."""
_DRIFT = 0.001
"""Quartzes of cameras run up to 0.1 % off the server's clock."""


class ArrivalTimes:
    """Smooths arrival times along `pts`, for one connection and one thread.

    A packet can come late, but not early: the smallest delay between `pts` and arrival that was seen is the best guess
    of the constant part. It is kept, rises slowly (a drifting clock), and is started anew where it disagrees with an
    arrival by more than a second: the camera's clock jumped or ran backwards, ours was set, or packets were held up.
    """

    def __init__(self) -> None:
        self._origin: datetime | None = None
        """When `pts` was 0, by the server's clock."""
        self._learnt_at: datetime | None = None
        self._last_packet: datetime | None = None

    def of_packet(self, pts: int | None, time_base: Fraction, arrived: datetime) -> datetime:
        """The smoothed time of a packet that arrived at `arrived` (UTC): never later than that."""
        if pts is not None:
            self._learn(arrived - _media_time(pts, time_base), arrived)
        self._last_packet = _forwards(self._map(pts, time_base, arrived), self._last_packet)
        return self._last_packet

    def _learn(self, origin: datetime, arrived: datetime) -> None:
        if self._origin is None or self._learnt_at is None or abs(origin - self._origin) > _TOLERANCE:
            self._origin = origin
        else:
            elapsed = max(arrived - self._learnt_at, timedelta(0))
            self._origin = min(self._origin + elapsed * _DRIFT, origin)
        self._learnt_at = arrived

    def _map(self, pts: int | None, time_base: Fraction, arrived: datetime) -> datetime:
        if pts is None or self._origin is None:
            return arrived
        mapped = self._origin + _media_time(pts, time_base)
        # A frame from before a jump of the camera's clock, mapped with what was learnt after it, would be far off.
        return mapped if timedelta(0) <= arrived - mapped <= _OLDEST else arrived


def _media_time(pts: int, time_base: Fraction) -> timedelta:
    # In whole numbers: a `Fraction` product costs more than all the rest here.
    return timedelta(microseconds=pts * time_base.numerator * 1_000_000 // time_base.denominator)


def _forwards(at: datetime, last: datetime | None) -> datetime:
    if last is not None and timedelta(0) < last - at <= _OLDEST:
        return last
    return at
