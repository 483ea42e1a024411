"""How the streams are doing, gathered from their readers and the scheduler, and put on record each second."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from core.camera import StreamId
from core.clock import Clock
from core.errors import NotFound
from core.ids import CameraId
from core.stream_state import StreamState, StreamStatus
from inference.place import LookCounters

_HANGS_S = 30.0
"""A live stream that tells nothing for so long hangs. (One that brings no packets says so itself, far sooner.)"""
_COUNTERS_EVERY_S = 2.0
"""Counters of a stream whose state did not change are written so often: a city of cameras is a lot of rows."""


class StatusBoard:
    """The newest status of each stream. Readers put, one thread takes what is to be written."""

    def __init__(self, looks: Callable[[CameraId], LookCounters], clock: Clock) -> None:
        """`looks` tells a camera's counters, and raises `NotFound` where the camera is not looked at."""
        self._looks = looks
        self._clock = clock
        self._newest: dict[StreamId, StreamStatus] = {}
        self._heard: dict[StreamId, float] = {}
        self._written: dict[StreamId, tuple[StreamStatus, float]] = {}
        self._lock = Lock()

    def put(self, status: StreamStatus) -> None:
        """Take a reader's word, in its own thread: so its frames and the looks at them are counted at one moment."""
        status = self._with_looks(status)
        with self._lock:
            self._newest[status.stream] = status
            self._heard[status.stream] = self._clock.monotonic()

    def forget(self, stream: StreamId) -> None:
        with self._lock:
            self._newest.pop(stream, None)
            self._heard.pop(stream, None)
            self._written.pop(stream, None)

    def of(self, stream: StreamId) -> StreamStatus | None:
        with self._lock:
            return self._newest.get(stream)

    def tell_hanging(self) -> None:
        """A live stream tells of itself each second. One that does not hangs: it says nothing of it, so this does."""
        now = self._clock.monotonic()
        with self._lock:
            for stream, status in self._newest.items():
                silent_s = now - self._heard[stream]
                if status.state is StreamState.LIVE and silent_s >= _HANGS_S:
                    reason = f"its reader has not come back from a picture for {silent_s:.0f} s"
                    since = self._clock.now()
                    self._newest[stream] = replace(status, state=StreamState.STALLED, since=since, reason=reason)

    def by_state(self) -> Mapping[str, float]:
        """How many streams are in which state."""
        with self._lock:
            return Counter(status.state.value for status in self._newest.values())

    def due(self, now: float) -> list[StreamStatus]:
        """What is to be written at `now` (monotonic seconds): changed states at once, mere counters now and then."""
        with self._lock:
            waiting = list(self._newest.values())
            written = dict(self._written)
        due = []
        for status in waiting:
            known = written.get(status.stream)
            if known is None or _is_news(known[0], status) or now - known[1] >= _COUNTERS_EVERY_S:
                due.append(status)
        return due

    def wrote(self, statuses: list[StreamStatus], now: float) -> None:
        """`statuses` are on record since `now`."""
        with self._lock:
            for status in statuses:
                if status.stream in self._newest:
                    self._written[status.stream] = status, now

    def _with_looks(self, status: StreamStatus) -> StreamStatus:
        looks = self._looked(status.camera)
        dropped = Counter(status.counters.dropped)
        dropped.update({reason.value: count for reason, count in looks.dropped.items()})
        return replace(status, counters=replace(status.counters, looked_at=looks.looked_at, dropped=dropped))

    def _looked(self, camera: CameraId) -> LookCounters:
        try:
            return self._looks(camera)
        except NotFound:
            return LookCounters()


def _is_news(written: StreamStatus, status: StreamStatus) -> bool:
    return (written.state, written.since, written.reason, written.width, written.next_try_at) != (
        status.state,
        status.since,
        status.reason,
        status.width,
        status.next_try_at,
    )
