"""Which camera is looked at next, and by whom.

One place a camera: the newest frame wins, and each frame that is not looked at is counted by reason. A free thread
takes the camera that is furthest past its turn, so that under overload every camera gets slower by its weight and none
starves. A frame in which nothing moves is not for the detector: the watch carries on
what it knows, and where it knows of nothing, nobody is woken.
"""

import logging
import os
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Condition, Lock, Thread, get_ident
from typing import Annotated, Final, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from core.clock import Clock
from core.detection import Detection
from core.drop_reason import DropReason
from core.errors import Conflict, NotFound
from core.frame import Frame
from core.ids import CameraId

from .place import LookCounters, Place
from .ready import Ready
from .watch import Look, Watch

_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

_PATIENCE_S: Final = 1.0
"""How long a reader that catches up lets a frame wait for its turn."""


class Detector(Protocol):
    """Finds objects in frames. Each inference thread has one of its own; several may share a session."""

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        """Detections of each frame, in the order of `frames`."""


class SchedulerSettings(BaseModel):
    """How often a camera is looked at, and by how many threads."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    detect_fps: float = Field(default=5.0, gt=0, le=60)
    """Looks a second at each camera."""
    threads: int | None = Field(default=None, ge=1, le=256)
    """Inference threads; None: one for each core that this process may use."""
    still_look_s: float = Field(default=10.0, ge=0.2, le=600)
    """A camera before which nothing moves is looked at all the same, so often."""
    live_weight: float = Field(default=2.0, ge=1, le=10)
    """Where there is too much to look at, a camera with a moving object on it gets so many looks for one of others."""
    department_weights: dict[int, Annotated[float, Field(ge=0.1, le=10)]] = {}
    """The same for the cameras of a department, by its number; 1 where none is given."""
    batch: int = Field(default=8, ge=1, le=64)
    """Most frames that are looked at at once, on a provider that gains by it (a GPU)."""
    batch_wait_ms: float = Field(default=5.0, ge=0, le=100)
    """How long a batch that is not full waits for more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """A frame that a thread has taken from its place."""

    place: Place
    frame: Frame
    needs_look: bool


class Scheduler:
    """Shares inference threads among cameras. Any thread may call it; none waits for a look but where it says so."""

    def __init__(
        self,
        detector: Callable[[], Detector],
        clock: Clock,
        on_looked: Callable[[Look], None],
        settings: SchedulerSettings | None = None,
        *,
        batches: bool = False,
    ) -> None:
        """`detector` makes one detector for each thread; `on_looked` is called in the thread that looked.

        A camera is looked at by one thread at a time, and not again before its `on_looked` has returned. `batches`:
        whether the detectors gain by several frames at once.
        """
        self._detector = detector
        self._clock = clock
        self._on_looked = on_looked
        self._settings = settings or SchedulerSettings()
        self._at_once = self._settings.batch if batches else 1
        self._places: dict[CameraId, Place] = {}
        self._ready = Ready()
        self._dropped_before: Counter[DropReason] = Counter()
        """Of cameras that were removed."""
        self._stopping = False
        self._threads: list[Thread] = []
        lock = Lock()
        self._work = Condition(lock)
        """Told when a place becomes ready, and at the stop."""
        self._released = Condition(lock)
        """Told when a watch is free again that others wait for."""
        self._taken = Condition(lock)
        """Told when there is room where a reader waits for it."""

    def start(self) -> None:
        """Start the inference threads. What the detectors raise when they are made is raised here."""
        count = self._settings.threads or len(os.sched_getaffinity(0))
        detectors = [self._detector() for _ in range(count)]
        with self._work:
            self._stopping = False
        self._threads = [
            Thread(target=self._run, args=(detector,), name=f"inference-{number}", daemon=True)
            for number, detector in enumerate(detectors, 1)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the looks that are going on, drop the frames that wait. Cameras, counters and open events stay."""
        with self._work:
            self._stopping = True
            self._work.notify_all()
            self._taken.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        with self._work:
            self._ready.clear()
            for place in self._places.values():
                place.drop_waiting(DropReason.STOPPED)

    def add(self, camera: CameraId, watch: Watch, *, department: int | None = None) -> None:
        """Look at `camera` from now on, for `watch`. Raises `Conflict` if it is looked at already."""
        with self._work:
            if camera in self._places:
                raise Conflict(f"camera {camera} is being looked at already")
            still_look = timedelta(seconds=self._settings.still_look_s)
            self._places[camera] = Place(watch, weight=self._weight_of(department), still_look=still_look)

    def move(self, camera: CameraId, department: int) -> None:
        """The camera belongs to `department` now, and weighs what its cameras weigh. Raises `NotFound`."""
        with self._work:
            self._place(camera).weigh(self._weight_of(department))

    def remove(self, camera: CameraId) -> Watch:
        """Look at `camera` no more, and give its watch, with its open events, to the caller.

        Waits for a look that is going on; no `on_looked` of the camera comes after this has returned.
        Raises `NotFound` if it is not looked at.
        """
        with self._used(camera) as place, self._work:
            place.drop_waiting(DropReason.REMOVED)
            self._taken.notify_all()
            self._dropped_before.update(place.counters.dropped)
            del self._places[camera]
            return place.watch

    def change(self, camera: CameraId, order: Callable[[Watch], Answer]) -> Answer:
        """Run `order` on the camera's watch between two looks, in the calling thread; its answer, or what it raises.

        Waits for a look that is going on, and comes before the next one. Raises `NotFound` if the camera is not looked
        at, `Conflict` if it is called from within a look at that camera.
        """
        with self._used(camera) as place:
            return order(place.watch)

    def offer(self, frame: Frame, waits: bool = False) -> None:
        """Hand in a new frame. Frames of cameras that are not looked at are ignored.

        Returns at once, unless `waits` is set: then it gives the frame before it up to a second to be looked at.
        """
        with self._work:
            place = self._places.get(frame.camera)
            if place is None:
                return
            if waits and place.asks_for_look(frame):
                self._wait_for_room(place)
                if self._places.get(frame.camera) is not place:
                    return  # It was removed meanwhile.
            place.offer(frame)
            if self._stopping:
                place.drop_waiting(DropReason.STOPPED)
            self._queue(frame.camera, place)

    def counters(self, camera: CameraId) -> LookCounters:
        """What became of the camera's frames since it was added. Raises `NotFound` if it is not looked at."""
        with self._work:
            return self._place(camera).counters

    def dropped(self) -> Counter[DropReason]:
        """Frames not looked at since the start, by reason, also those of cameras that were removed since."""
        with self._work:
            total = Counter(self._dropped_before)
            for place in self._places.values():
                total.update(place.counters.dropped)
            return total

    @property
    def depth(self) -> int:
        """How many cameras wait for a thread."""
        with self._work:
            return len(self._ready)

    def _weight_of(self, department: int | None) -> float:
        return 1.0 if department is None else self._settings.department_weights.get(department, 1.0)

    def _wait_for_room(self, place: Place) -> None:
        place.patient += 1
        try:
            self._taken.wait_for(lambda: place.frame is None or self._stopping, _PATIENCE_S)
        finally:
            place.patient -= 1

    def _run(self, detector: Detector) -> None:
        while self._look(detector):
            pass

    def _look(self, detector: Detector) -> bool:
        """Wait for frames and look at them. False at the stop. (A function of its own: nothing outlives the look.)"""
        with self._work:
            taken = self._take()
        if not taken:
            return False
        for one in taken:
            if not one.needs_look:
                self._finish(one, None)
        looking = [one for one in taken if one.needs_look]
        if looking:
            self._detect(detector, looking)
        return True

    def _detect(self, detector: Detector, looking: Sequence["_Taken"]) -> None:
        try:
            found = list(zip(looking, detector.detect([one.frame for one in looking]), strict=True))
        except Exception as error:
            for one in looking:
                self._finish(one, error)
            return
        for one, detections in found:
            self._finish(one, detections)

    def _finish(self, one: "_Taken", found: Sequence[Detection] | Exception | None) -> None:
        """Let the watch know what was found (None: nothing moves), tell what came of it, and free the place."""
        place, frame = one.place, one.frame
        look = None
        try:
            if isinstance(found, Exception):
                raise found
            look = place.watch.still(frame) if found is None else place.watch.look(frame, found)
            self._on_looked(replace(look, latency_s=self._clock.monotonic() - frame.arrived))
        except Exception:
            look = None
            _tell_failure(frame.camera, place.failures + 1)
        is_lively = look is not None and any(not track.is_stationary for track in look.tracks)
        rests = place.watch.is_idle
        with self._work:
            if look is None:
                place.failed()
            elif one.needs_look:
                place.looked(frame)
            else:
                place.carried_on()
            place.rests = rests
            place.liveliness = self._settings.live_weight if is_lively else 1.0
            self._release(frame.camera, place)

    def _take(self) -> list["_Taken"]:
        """Wait until cameras are ready, and take the most overdue; more than one only where that pays. None: stop."""
        if not self._wait_for_work():
            return []
        taken = []
        for place in self._ready.take(self._at_once):
            place.user = get_ident()
            frame, needs_look = place.take()
            if place.patient:
                self._taken.notify_all()
            taken.append(_Taken(place, frame, needs_look))
        return taken

    def _wait_for_work(self) -> bool:
        """Wait until a camera is ready, and a moment longer for a full batch. False at the stop."""
        while not self._stopping:
            if not self._ready:
                self._work.wait()
                continue
            if len(self._ready) < self._at_once:
                wait_s = self._settings.batch_wait_ms / 1000
                self._work.wait_for(lambda: self._stopping or len(self._ready) >= self._at_once, wait_s)
            if self._ready:
                return not self._stopping
        return False

    @contextmanager
    def _used(self, camera: CameraId) -> Generator[Place]:
        """The camera's place, whose watch is the calling thread's alone meanwhile."""
        with self._work:
            place = self._place(camera)
            if place.user == get_ident():
                raise Conflict(f"camera {camera} cannot be changed from within a look at it")
            place.claims += 1
            try:
                self._released.wait_for(lambda: place.user is None)
            finally:
                place.claims -= 1
            if self._places.get(camera) is not place:
                raise _not_looked_at(camera)  # it was removed meanwhile
            self._ready.withdraw(camera)
            place.user = get_ident()
        try:
            yield place
        finally:
            rests = place.watch.is_idle
            with self._work:
                place.rests = rests
                self._release(camera, place)

    def _release(self, camera: CameraId, place: Place) -> None:
        place.user = None
        if place.claims:
            self._released.notify_all()
        self._queue(camera, place)

    def _queue(self, camera: CameraId, place: Place) -> None:
        """Hand the place to a free thread, if it waits for nothing else."""
        if self._ready.put(camera, place):
            self._work.notify()

    def _place(self, camera: CameraId) -> Place:
        try:
            return self._places[camera]
        except KeyError:
            raise _not_looked_at(camera) from None


def _not_looked_at(camera: CameraId) -> NotFound:
    return NotFound(f"camera {camera} is not being looked at")


def _tell_failure(camera: CameraId, failures: int) -> None:
    """Log the error that is being handled: the 1st, 2nd, 4th, 8th ... of a camera, since five a second may come."""
    if failures & (failures - 1) == 0:
        _log.exception("looking at a frame of camera %s failed (%s times so far)", camera, failures)
