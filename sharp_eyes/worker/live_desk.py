"""What a worker shows live to the API: masked pictures and originals, to so many at once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Final

from prometheus_client import Counter as Counts
from prometheus_client import Gauge

from api.live_port import LiveView
from core.clock import Clock
from core.errors import Unavailable
from core.ids import CameraId
from core.live_part import LivePart
from ingest.live import LiveOriginal

from .live_pictures import LivePictures
from .measures import Measures
from .readers import Readers

_ATTENTIVE: Final = timedelta(seconds=3)
"""For so long after somebody has looked the stream is still read and decoded in full."""


class WorkerLiveDesk:
    """Opens live views. Any thread."""

    def __init__(self, readers: Readers, pictures: LivePictures, clock: Clock, *, most: int) -> None:
        self._readers = readers
        self._pictures = pictures
        self._clock = clock
        self._most = most
        self._lock = Lock()
        self._open: Counter[str] = Counter()

    def viewers(self) -> dict[str, float]:
        """How many look, by rendition."""
        return {rendition: self._open[rendition] for rendition in ("masked", "original")}

    def masked(self, camera: CameraId) -> LiveView | None:
        """See `LiveFeed`."""
        return self._opened("masked", camera, lambda attend: self._pictures.join(camera, attend))

    def original(self, camera: CameraId) -> LiveView | None:
        """See `LiveFeed`."""
        ring_of = self._readers.ring
        return self._opened(
            "original", camera, lambda attend: LiveOriginal(lambda: ring_of(camera), self._clock, attend)
        )

    def _opened(
        self, rendition: str, camera: CameraId, begin: Callable[[Callable[[], None]], LiveView]
    ) -> LiveView | None:
        if self._readers.ring(camera) is None:
            return None
        with self._lock:
            if self._open.total() >= self._most:
                raise Unavailable(
                    f"{self._open.total()} live views are open, and no more are allowed at once",
                    hint="try again when somebody has stopped looking; live.viewers in sharp-eyes.toml has the number",
                )
            self._open[rendition] += 1

        def close() -> None:
            with self._lock:
                self._open[rendition] -= 1

        def is_read() -> bool:
            return self._readers.ring(camera) is not None

        try:
            view = begin(lambda: self._readers.watch(camera, self._clock.now() + _ATTENTIVE))
            return _Counted(view, is_read, close)
        except BaseException:
            close()
            raise


def tell_of_live_views(measures: Measures, pictures: LivePictures, desk: WorkerLiveDesk) -> None:
    """Let `/metrics` read how many look, what that costs, and what they were not shown."""
    measures.by_label("sharp_eyes_live_viewers", "Live views, by rendition", "rendition", desk.viewers, Gauge)
    name = "sharp_eyes_live_pictures_not_shown"
    measures.by_label(name, "Pictures that live views were not shown, by reason", "reason", pictures.not_shown, Counts)
    measures.gauge("sharp_eyes_live_pictures", "Pictures masked for live views", lambda: pictures.made)
    measures.gauge("sharp_eyes_live_core_seconds", "Seconds of a core spent on masking them", lambda: pictures.core_s)


class _Counted:
    """A view that gives its place back when it is closed."""

    def __init__(self, view: LiveView, is_read: Callable[[], bool], on_close: Callable[[], None]) -> None:
        self._view = view
        self._is_read = is_read
        self._on_close = on_close
        self._is_closed = False

    @property
    def has_ended(self) -> bool:
        return self._view.has_ended or not self._is_read()

    def next(self, timeout_s: float) -> LivePart | None:
        return self._view.next(timeout_s)

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._view.close()
            self._on_close()
