"""Live views that show what a test wants."""

import threading
from collections import deque

from core.errors import Unavailable
from core.ids import CameraId
from core.live_part import LiveKind, LivePart

JPEG = b"\xff\xd8 a picture \xff\xd9"
BEGIN = LivePart(
    LiveKind.BEGIN, b'{"codecs": "avc1.64001f", "width": 640, "height": 360, "at": "2026-05-01T08:00:00Z"}'
)


class FakeView:
    """Hands out what the test `put`s, then nothing."""

    def __init__(self, *parts: LivePart) -> None:
        self._parts = deque(parts)
        self._came = threading.Condition()
        self.has_ended = False
        self.is_closed = False

    def put(self, part: LivePart) -> None:
        with self._came:
            self._parts.append(part)
            self._came.notify()

    @property
    def is_empty(self) -> bool:
        """Whether all was handed out."""
        return not self._parts

    def end(self) -> None:
        with self._came:
            self.has_ended = True
            self._came.notify()

    def next(self, timeout_s: float) -> LivePart | None:
        with self._came:
            self._came.wait_for(lambda: self._parts or self.has_ended, timeout_s)
            return self._parts.popleft() if self._parts else None

    def close(self) -> None:
        self.is_closed = True


class FakeFeed:
    """Shows all cameras but those that are `unwatched`; keeps the views it gave out."""

    def __init__(self) -> None:
        self.unwatched: set[CameraId] = set()
        self.full = False
        self.ends_at_once = False
        """Whether views end once what they have was handed out."""
        self.views: list[FakeView] = []

    def masked(self, camera: CameraId) -> FakeView | None:
        return self._view(camera, LivePart(LiveKind.PICTURE, JPEG))

    def original(self, camera: CameraId) -> FakeView | None:
        return self._view(camera, BEGIN, LivePart(LiveKind.FRAGMENT, b"moov"))

    @property
    def open(self) -> int:
        """How many views nobody has closed."""
        return sum(not view.is_closed for view in self.views)

    def _view(self, camera: CameraId, *parts: LivePart) -> FakeView | None:
        if self.full:
            raise Unavailable("32 live views are open, and no more are allowed at once", hint="try again")
        if camera in self.unwatched:
            return None
        view = FakeView(*parts)
        if self.ends_at_once:
            view.end()
        self.views.append(view)
        return view
