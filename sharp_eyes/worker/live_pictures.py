"""Masked live pictures: made while somebody looks, once a camera however many look, within a share of a core."""

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from time import thread_time
from typing import Final

from core.clock import Clock
from core.errors import SharpEyesError
from core.frame import Frame
from core.ids import CameraId
from core.live_part import LiveKind, LivePart

from .live_settings import LiveSettings

_log = logging.getLogger(__name__)

_NICENESS: Final = 10
_FRESH_S: Final = 2.0
"""Who begins to look is shown at once what is no older."""
_EARLY: Final = 0.9
"""A picture that comes after so much of the interval is in time: streams jitter."""
_GIVES_WAY_S: Final = 1.0
"""For so long snapshots that wait go first; then live views take their turn all the same."""
_LOOK_S: Final = 0.02


class NotShown(StrEnum):
    """Why a picture of a camera that somebody looked at was not shown."""

    BUDGET = "budget"
    """A newer one came before there was time to mask it."""
    SLOW_VIEWER = "slow_viewer"
    """Who looked had not fetched it when the next one was there."""
    FAILED = "failed"
    """It could not be masked."""


class MaskedView:
    """What one viewer of a camera is shown: the newest masked picture. One thread at a time; `close` it at the end."""

    def __init__(self, attend: Callable[[], None], leave: Callable[["MaskedView"], None]) -> None:
        self._attend = attend
        self._leave = leave
        self._changed = threading.Condition()
        self._picture: bytes | None = None
        self.has_ended = False
        """Whether nothing more comes: its camera is not watched here any more."""

    def next(self, timeout_s: float) -> LivePart | None:
        """The newest picture that was not fetched yet; None where none came within `timeout_s`, or it has ended."""
        self._attend()
        with self._changed:
            if self._picture is None and not self.has_ended:
                self._changed.wait(timeout_s)
            picture, self._picture = self._picture, None
        return None if picture is None else LivePart(LiveKind.PICTURE, picture)

    def show(self, picture: bytes) -> bool:
        """Offer a picture. Whether the one before had been fetched."""
        with self._changed:
            was_fetched, self._picture = self._picture is None, picture
            self._changed.notify_all()
        return was_fetched

    def end(self) -> None:
        """Nothing more comes."""
        with self._changed:
            self.has_ended = True
            self._changed.notify_all()

    def close(self) -> None:
        """Look no longer."""
        self._leave(self)
        self.end()


@dataclass(slots=True, eq=False)
class _Shown:
    """A camera that somebody looks at."""

    viewers: list[MaskedView] = field(default_factory=list)
    frame: Frame | None = None
    """The newest one that waits to be masked."""
    picture: bytes | None = None
    made: float = float("-inf")
    """When `picture` was begun, monotonic."""


class LivePictures:
    """Masks the newest frames of the cameras that somebody looks at, in a thread that gives way to the others.

    One frame a camera waits; the camera that was shown longest ago is next, so that none starves. After each picture
    the thread rests until what it cost is `masked_core_share` of the time that passed.
    """

    def __init__(
        self,
        masked: Callable[[Frame], bytes],
        newest: Callable[[CameraId], Frame | None],
        others_wait: Callable[[], bool],
        clock: Clock,
        settings: LiveSettings,
    ) -> None:
        """`masked` raises where masking fails: that picture is not shown. `newest`: the last frame of a camera.
        `others_wait`: whether pictures of events are to be masked first."""
        self._masked = masked
        self._newest = newest
        self._others_wait = others_wait
        self._clock = clock
        self._interval_s = 1 / settings.masked_fps
        self._share = settings.masked_core_share
        self._shown: dict[CameraId, _Shown] = {}
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._free_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="live-pictures", daemon=True)
        self._not_shown: Counter[NotShown] = Counter()
        self._is_failing = False
        self.made = 0
        """Pictures masked."""
        self.core_s = 0.0
        """Seconds of a core that this took."""

    @property
    def viewers(self) -> int:
        """How many look."""
        return sum(len(shown.viewers) for shown in list(self._shown.values()))

    @property
    def waiting(self) -> int:
        """How many frames wait to be masked."""
        with self._wake:
            return sum(shown.frame is not None for shown in self._shown.values())

    def not_shown(self) -> dict[str, float]:
        """Pictures of cameras that somebody looked at which were not shown, by reason."""
        return {reason.value: self._not_shown[reason] for reason in NotShown}

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End all views, and the thread."""
        with self._wake:
            self._stopping.set()
            ended = [view for shown in self._shown.values() for view in shown.viewers]
            self._wake.notify()
        for view in ended:
            view.end()
        self._thread.join(timeout_s)

    def join(self, camera: CameraId, attend: Callable[[], None]) -> MaskedView:
        """A view of `camera`. `attend` is called while somebody looks: its stream is to be decoded in full."""
        view = MaskedView(attend, lambda left: self._leave(camera, left))
        now = self._clock.monotonic()
        with self._wake:
            shown = self._shown.setdefault(camera, _Shown())
            shown.viewers.append(view)
            if shown.picture is not None and now - shown.made <= _FRESH_S:
                view.show(shown.picture)
            elif shown.frame is None and (frame := self._newest(camera)) and now - frame.arrived <= _FRESH_S:
                shown.frame = frame
            self._wake.notify()
        return view

    def keep(self, frame: Frame) -> None:
        """Take the newest frame of a camera. Any thread; returns at once, the sooner where nobody looks."""
        if frame.camera not in self._shown:
            return
        with self._wake:
            shown = self._shown.get(frame.camera)
            if shown is not None:
                self._not_shown[NotShown.BUDGET] += shown.frame is not None
                shown.frame = frame
                self._wake.notify()

    def forget(self, camera: CameraId) -> None:
        """What was seen of `camera` shows nothing of it any more: its views end."""
        with self._wake:
            shown = self._shown.pop(camera, None)
        for view in [] if shown is None else shown.viewers:
            view.end()

    def _leave(self, camera: CameraId, view: MaskedView) -> None:
        with self._wake:
            shown = self._shown.get(camera)
            if shown is not None and view in shown.viewers:
                shown.viewers.remove(view)
                if not shown.viewers:
                    del self._shown[camera]

    def _run(self) -> None:
        # Linux gives every thread a niceness of its own: looking at cameras comes first.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while self._wait_until_due():
            # First, so that it is the newest frame of then that is masked, and not one that has waited meanwhile.
            self._give_way()
            if (due := self._take()) is None:
                continue
            camera, frame = due
            began, spent = self._clock.monotonic(), thread_time()
            picture = self._try_to_mask(frame)
            spent = thread_time() - spent
            self.core_s += spent
            self._publish(camera, picture, began)
            self._free_at = max(self._free_at, began) + spent / self._share
            self._clock.sleep(max(0.0, self._free_at - self._clock.monotonic()), self._stopping)

    def _wait_until_due(self) -> bool:
        """Returns once a frame is to be masked; False: it is over."""
        with self._wake:
            while not self._stopping.is_set():
                wait_s = None
                if (first := self._first()) is not None:
                    wait_s = first[0] + self._interval_s * _EARLY - self._clock.monotonic()
                    if wait_s <= 0:
                        return True
                self._wake.wait(wait_s)
        return False

    def _take(self) -> tuple[CameraId, Frame] | None:
        """The frame to be masked next; None where nobody looks at its camera any more, or it is over."""
        with self._wake:
            now = self._clock.monotonic()
            first = self._first()
            if self._stopping.is_set() or first is None or first[0] + self._interval_s * _EARLY > now:
                return None
            shown = self._shown[first[1]]
            frame, shown.frame, shown.made = shown.frame, None, now
            assert frame is not None  # noqa: S101 - it waited
            return first[1], frame

    def _first(self) -> tuple[float, CameraId] | None:
        """Of the cameras whose frames wait the one that was shown longest ago, and when that was. Holds `_wake`."""
        waiting = [(shown.made, camera) for camera, shown in self._shown.items() if shown.frame is not None]
        return min(waiting, default=None)

    def _give_way(self) -> None:
        until = self._clock.monotonic() + _GIVES_WAY_S
        while self._others_wait() and self._clock.monotonic() < until and not self._stopping.is_set():
            self._clock.sleep(_LOOK_S, self._stopping)

    def _try_to_mask(self, frame: Frame) -> bytes | None:
        try:
            picture = self._masked(frame)
        except Exception as error:  # whatever ails the masker: the picture is not shown, and the thread lives on
            if not self._is_failing:
                unknown = None if isinstance(error, SharpEyesError) else error
                _log.warning("a live picture of camera %d is not shown: %s", frame.camera, error, exc_info=unknown)
            self._is_failing = True
            return None
        self._is_failing = False
        return picture

    def _publish(self, camera: CameraId, picture: bytes | None, began: float) -> None:
        with self._wake:
            shown = self._shown.get(camera)
            if picture is None:
                self._not_shown[NotShown.FAILED] += 1
                return
            self.made += 1
            if shown is None:
                return
            shown.picture = picture
            for view in shown.viewers:
                self._not_shown[NotShown.SLOW_VIEWER] += not view.show(picture)
