"""What a reader tells about its stream."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock

from core.camera import Stream
from core.clock import Clock
from core.drop_reason import DropReason
from core.stream_state import StreamCounters, StreamState, StreamStatus

from .parameters import StreamParameters

_EVERY_S = 1.0
"""Counters alone are told at most this often."""
_FPS_OVER_S = 2.0


class Report:
    """Keeps a stream's status and hands it to `on_status`: each change of state at once, counters once a second.

    Written by the reader's thread alone; any thread may read `status`.
    """

    def __init__(self, stream: Stream, clock: Clock, on_status: Callable[[StreamStatus], None]) -> None:
        self._clock = clock
        self._on_status = on_status
        self._connections = 0
        self._packets = 0
        self._bytes = 0
        self._frames = 0
        self._broken = 0
        self._not_due = 0
        self._silent = False
        self._telling = RLock()
        self._told_at = clock.monotonic()
        self._fps_since = (self._told_at, 0)
        self._status = StreamStatus(stream.camera, stream.id, StreamState.CONNECTING, clock.now(), "being opened")

    @property
    def status(self) -> StreamStatus:
        return self._status

    @property
    def bytes(self) -> int:
        """Bytes of packets so far."""
        return self._bytes

    def silence(self) -> None:
        """Tell nothing after this has returned. Any thread may call it."""
        with self._telling:
            self._silent = True

    def enter(self, state: StreamState, reason: str, *, next_try_in_s: float | None = None) -> None:
        """The stream is in `state` now, for `reason`. `since` stays where the state does."""
        now = self._clock.now()
        self._status = replace(
            self._status,
            state=state,
            since=self._status.since if state is self._status.state else now,
            reason=reason,
            fps=self._status.fps if state is StreamState.LIVE else None,
            next_try_at=None if next_try_in_s is None else _later(now, next_try_in_s),
        )
        self._tell()

    def trying(self) -> None:
        """An attempt begins. What kept the last one from success stays in sight until this one's outcome is known."""
        self._status = replace(self._status, next_try_at=None)
        self._tell()

    def opened(self, parameters: StreamParameters, declared_fps: float | None) -> None:
        """The stream was opened."""
        self._connections += 1
        self._fps_since = (self._clock.monotonic(), self._frames)
        self._status = replace(self._status, codec=parameters.codec, fps=declared_fps)
        if parameters.width and parameters.height:
            self._status = replace(self._status, width=parameters.width, height=parameters.height)

    def packet(self, size: int) -> None:
        self._packets += 1
        self._bytes += size

    def frame(self) -> None:
        self._frames += 1

    def size(self, width: int, height: int) -> None:
        """Pictures are of that size now."""
        if (width, height) != (self._status.width, self._status.height):
            self._status = replace(self._status, width=width, height=height)

    def not_due(self) -> None:
        """A picture that was decoded need not be looked at."""
        self._not_due += 1

    def broken(self, packets: int) -> None:
        self._broken += packets

    def tell_if_due(self) -> None:
        now = self._clock.monotonic()
        if now - self._told_at < _EVERY_S:
            return
        since, frames = self._fps_since
        if now - since >= _FPS_OVER_S:
            self._status = replace(self._status, fps=round((self._frames - frames) / (now - since), 1))
            self._fps_since = (now, self._frames)
        self._tell()

    def _tell(self) -> None:
        counters = StreamCounters(
            self._connections,
            self._packets,
            self._bytes,
            self._frames,
            self._broken,
            dropped={DropReason.NOT_DUE.value: self._not_due},
        )
        self._status = replace(self._status, counters=counters)
        self._told_at = self._clock.monotonic()
        with self._telling:
            if not self._silent:
                self._on_status(self._status)


def _later(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)
