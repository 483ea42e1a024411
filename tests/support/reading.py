"""A reader under watch: what it said and handed out, and waiting for it without sleeping."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.camera import Login, Stream, StreamId, StreamRole
from core.clock import Clock, SystemClock
from core.frame import Frame
from core.stream_state import StreamState, StreamStatus
from ingest.lookout import Watching
from ingest.reader import Reader
from ingest.ring import Ring
from ingest.settings import ReaderSettings

from .builders import CAMERA
from .slowness import SLOWNESS

QUICK = ReaderSettings(
    open_timeout_s=2, read_timeout_s=1, first_wait_s=0.1, longest_wait_s=0.4, settled_after_s=0.5, analyze_ms=400
)
"""Time limits and waits short enough for tests."""


class NoMark:
    def begin(self) -> None: ...

    def end(self) -> None: ...


class Reading:
    """A reader, its ring, and everything it told."""

    def __init__(
        self,
        url: str,
        login: Login | None = None,
        settings: ReaderSettings = QUICK,
        *,
        pinned: str | None = None,
        clock: Clock | None = None,
        watching: Watching | None = None,
    ) -> None:
        self.ring = Ring()
        self.frames: list[Frame] = []
        self.waits: list[bool] = []
        """Of each frame: whether it is worth waiting for those who look."""
        self.on_frame: Callable[[Reading, Frame], None] | None = None
        """Called in the reader's thread with each frame."""
        self.statuses: list[StreamStatus] = []
        self._told = threading.Condition()
        self.reader = Reader(
            Stream(StreamId(3), CAMERA, StreamRole.DETECT, url, pinned),
            login,
            settings,
            clock or SystemClock(),
            ring=self.ring,
            on_frame=self._on_frame,
            on_status=self._on_status,
            mark=NoMark(),
            watching=watching,
        )

    @property
    def states(self) -> list[StreamState]:
        """The states it went through, in order, each once."""
        states: list[StreamState] = []
        for status in self.statuses:
            if not states or states[-1] is not status.state:
                states.append(status.state)
        return states

    def wait_for(self, condition: Callable[[], bool], what: str, deadline_s: float = 15.0) -> None:
        """Wait until `condition` holds; fails with `what` was waited for, and what was there instead."""
        deadline_s *= SLOWNESS
        with self._told:
            if not self._told.wait_for(condition, deadline_s):
                raise AssertionError(
                    f"waited {deadline_s} s for {what}; the reader says {self.reader.status.state}: "
                    f"{self.reader.status.reason}; it was {self.states}, {len(self.frames)} frames"
                )

    def wait_for_state(self, state: StreamState) -> StreamStatus:
        """Wait until it says that it is in `state` now; that status."""
        self.wait_for(lambda: bool(self.statuses) and self.statuses[-1].state is state, f"state {state}")
        return next(status for status in reversed(self.statuses) if status.state is state)

    def wait_for_frames(self, more: int = 5) -> None:
        """Wait for so many frames more than there are."""
        wanted = len(self.frames) + more
        self.wait_for(lambda: len(self.frames) >= wanted, f"{more} more frames")

    def _on_frame(self, frame: Frame, waits: bool) -> None:
        with self._told:
            self.frames.append(frame)
            self.waits.append(waits)
            self._told.notify_all()
        if self.on_frame is not None:
            self.on_frame(self, frame)

    def _on_status(self, status: StreamStatus) -> None:
        with self._told:
            self.statuses.append(status)
            self._told.notify_all()


@contextmanager
def reading(
    url: str,
    login: Login | None = None,
    settings: ReaderSettings = QUICK,
    *,
    pinned: str | None = None,
    watching: Watching | None = None,
) -> Iterator[Reading]:
    """A started reader; stopped at the end."""
    watched = Reading(url, login, settings, pinned=pinned, watching=watching)
    watched.reader.start()
    try:
        yield watched
    finally:
        watched.reader.stop()
