"""Times of the packets of a clip, as a player needs them."""

import heapq
from datetime import datetime
from fractions import Fraction

from core.packet import Packet

_USUAL_FPS = 25
_LARGEST_STEP_S = 2
"""Neighbours further apart, or back, than this: the camera's clock jumped, or there was a pause."""
_LONGEST_PAUSE_S = 60


class ClipTimes:
    """Presentation and decoding times for a clip that starts at 0, from what a camera said.

    RTSP brings no decoding times, and cameras leave presentation times out, jump, and run backwards. Presentation times
    are kept where they go on evenly; after a jump they go on by the packets' arrival. Decoding times are the same times
    in rising order, `reorder` packets later (B-frames come before what they are shown after).
    """

    def __init__(self, time_base: Fraction, reorder: int) -> None:
        self._time_base = time_base
        self._reorder = reorder
        self._step = max(1, self._ticks(1 / _USUAL_FPS))
        self._shift: int | None = None
        """What is added to the camera's times; None where the last packet had none."""
        self._latest = 0
        self._latest_at: datetime | None = None
        self._last_dts = -1
        self._packets = 0
        self._waiting: list[int] = []

    @property
    def length_s(self) -> float:
        """Seconds from the first picture to the end of the last."""
        return float((self._latest + self._step) * self._time_base) if self._packets else 0.0

    def of(self, packet: Packet) -> tuple[int, int]:
        """`pts` and `dts` of the next packet: `dts` rises strictly and is never after `pts`; both from 0 on."""
        shown = self._shown(packet)
        heapq.heappush(self._waiting, shown)
        if self._packets < self._reorder:
            dts = (self._packets - self._reorder) * self._step
        else:
            dts = heapq.heappop(self._waiting)
        self._packets += 1
        lead = self._reorder * self._step
        dts = max(dts + lead, self._last_dts + 1)
        self._last_dts = dts
        return max(shown + lead, dts), dts

    def _shown(self, packet: Packet) -> int:
        stamp = packet.pts if packet.pts is not None else packet.dts
        if self._latest_at is None:
            self._shift = None if stamp is None else -stamp
            self._latest_at = packet.at
            return 0
        paused = self._ticks((packet.at - self._latest_at).total_seconds())
        gone_on = self._latest + min(max(paused, self._step), self._ticks(_LONGEST_PAUSE_S))
        if stamp is None:
            self._shift = None
            shown = gone_on
        else:
            if self._shift is None or abs(stamp + self._shift - self._latest) > self._ticks(_LARGEST_STEP_S):
                self._shift = gone_on - stamp
            shown = stamp + self._shift
        if shown > self._latest:
            self._latest, self._latest_at = shown, packet.at
        return max(shown, 0)

    def _ticks(self, seconds: float) -> int:
        return round(seconds / self._time_base)
