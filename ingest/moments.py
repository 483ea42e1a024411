"""When the pictures that leave a decoder were taken: their packets said so, before they were put into order."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

_MOST_KEPT: Final = 1024
"""Packets of which no picture came are forgotten at some time."""
_FARTHEST_AHEAD: Final = timedelta(seconds=2)
"""A picture is sent no earlier than that before one which is to be shown before it; else the camera's clock jumped."""


class Moments:
    """Of one connection, for one thread.

    A picture that others build on is sent before them though it is shown after them. Packets of those others come late,
    and their moments are reckoned back from it along `pts`.
    """

    def __init__(self) -> None:
        self._by_pts: dict[int | None, datetime] = {}
        self._ahead: tuple[int, datetime] | None = None
        """The packet that is to be shown last, so far."""
        self._newest: datetime | None = None
        self._last: datetime | None = None

    def note(self, pts: int | None, time_base: Fraction, at: datetime) -> None:
        """A packet that came at `at` goes into the decoder."""
        self._newest = at
        self._by_pts[pts] = at if pts is None else self._shown_at(pts, time_base, at)
        if len(self._by_pts) > _MOST_KEPT:
            del self._by_pts[next(iter(self._by_pts))]

    def of(self, pts: int | None) -> datetime:
        """The moment of the picture of that `pts`, which came out of the decoder. It does not run backwards."""
        at = self._by_pts.pop(pts, self._newest)
        assert at is not None  # noqa: S101 - where a picture came out, a packet went in
        if self._last is not None and timedelta(0) < self._last - at <= _FARTHEST_AHEAD:
            at = self._last
        self._last = at
        return at

    def forget(self) -> None:
        """The decoder begins anew."""
        self._by_pts.clear()
        self._ahead = None

    def _shown_at(self, pts: int, time_base: Fraction, at: datetime) -> datetime:
        if self._ahead is not None:
            ahead_pts, ahead_at = self._ahead
            early = timedelta(microseconds=(ahead_pts - pts) * time_base.numerator * 1_000_000 // time_base.denominator)
            if timedelta(0) < early <= _FARTHEST_AHEAD:
                return min(at, ahead_at - early)
        self._ahead = (pts, at)
        return at
