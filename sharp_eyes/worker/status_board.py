"""How the streams are doing, gathered from their readers and the scheduler, and put on record."""

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
_REPORT_EVERY_S = 5.0
_REPORT_OF_FEW_EVERY_S = 2.0
_FEW = 100
"""With no more streams than this a report is small, and is written more often: people look at them."""


class StatusBoard:
    """The newest status of each stream. Readers put, one thread takes what is to be written."""

    def __init__(self, looks: Callable[[CameraId], LookCounters], clock: Clock) -> None:
        """`looks` tells a camera's counters, and raises `NotFound` where the camera is not looked at."""
        self._looks = looks
        self._clock = clock
        self._newest: dict[StreamId, StreamStatus] = {}
        self._heard: dict[StreamId, float] = {}
        self._written: dict[StreamId, StreamStatus] = {}
        self._reported_at: float | None = None
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

    def due(self) -> list[StreamStatus]:
        """What is new, and is to be written at once: whether pictures come, what keeps them away, what they are."""
        with self._lock:
            return [status for status in self._newest.values() if _is_news(self._written.get(status.stream), status)]

    def report(self, now: float) -> list[StreamStatus] | None:
        """All that is known, with counters and next attempts, where that is to be written at `now` (monotonic seconds);
        else None."""
        with self._lock:
            every_s = _REPORT_OF_FEW_EVERY_S if len(self._newest) <= _FEW else _REPORT_EVERY_S
            if self._reported_at is not None and now - self._reported_at < every_s:
                return None
            return list(self._newest.values())

    def wrote(self, news: list[StreamStatus], report: list[StreamStatus] | None, now: float) -> None:
        """`news`, and the report where there was one, are on record since `now`."""
        with self._lock:
            self._written |= {status.stream: status for status in news if status.stream in self._newest}
            if report is not None:
                self._reported_at = now

    def tell_again(self) -> None:
        """Whatever is known is news: it is told to another database row than before."""
        with self._lock:
            self._written.clear()
            self._reported_at = None

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


def _is_news(written: StreamStatus | None, status: StreamStatus) -> bool:
    """An attempt to reconnect that ends like the one before is none."""
    if written is None or written.state is not status.state:
        return True
    if status.state is not StreamState.LIVE:
        return written.reason != status.reason
    return (written.since, written.codec, written.width, written.height, written.fps is None) != (
        status.since,
        status.codec,
        status.width,
        status.height,
        status.fps is None,
    )
