"""A scheduler over real threads, with detectors that a test lets through look by look."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from queue import Queue
from threading import Semaphore
from typing import Any

from core.detection import Detection
from core.frame import Frame
from core.ids import CameraId
from core.motion import Motion
from inference.scheduler import Scheduler, SchedulerSettings
from inference.watch import Look, Watch
from tests.support.builders import CAMERA, FakeClock, a_box, a_detection, a_frame, a_rule, after
from tests.support.slowness import SLOWNESS

SOON_S = 10.0 * SLOWNESS
"""The deadline of every wait."""
OTHER = CameraId(8)
MOTION = Motion(0.1, a_box())


class OpenDetector:
    """Finds a person in every frame, at once."""

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [[a_detection(score=0.9)] for _ in frames]


class BlindDetector(OpenDetector):
    """Finds nothing at all."""

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [[] for _ in frames]


class CountingDetector(OpenDetector):
    """Keeps how many frames it was given at once, each time."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        self.batches.append(len(frames))
        return super().detect(frames)


class GatedDetector(OpenDetector):
    """Waits in each look until it is let through."""

    def __init__(self) -> None:
        self.begun: Queue[Frame] = Queue()
        self.sizes: list[int] = []
        """How many frames it was given at once, each time."""
        self._permits = Semaphore(0)

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        self.sizes.append(len(frames))
        self.begun.put(frames[0])
        assert self._permits.acquire(timeout=SOON_S)
        return super().detect(frames)

    def let_through(self, looks: int = 1) -> None:
        self._permits.release(looks)


class FailingDetector(OpenDetector):
    """Fails on one camera."""

    def __init__(self, camera: CameraId) -> None:
        self._camera = camera

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        if frames[0].camera == self._camera:
            raise RuntimeError("no such picture")
        return super().detect(frames)


class Running:
    """A scheduler and what it has looked at. Moving objects weigh no more than others, if nothing else is said."""

    def __init__(
        self,
        detector: Callable[[], OpenDetector] = OpenDetector,
        *,
        threads: int = 1,
        cameras: Sequence[CameraId] = (CAMERA,),
        on_looked: Callable[[Look], None] | None = None,
        batches: bool = False,
        **settings: Any,
    ) -> None:
        self.clock = FakeClock()
        self.looks: Queue[Look] = Queue()
        self.scheduler = Scheduler(
            detector,
            self.clock,
            on_looked or self.looks.put,
            SchedulerSettings(threads=threads, **{"detect_fps": 5, "live_weight": 1} | settings),
            batches=batches,
        )
        for camera in cameras:
            self.scheduler.add(camera, a_watch(camera))

    def next_look(self) -> Look:
        return self.looks.get(timeout=SOON_S)

    def offer(
        self, second: float, camera: CameraId = CAMERA, *, motion: Motion | None = None, waits: bool = False
    ) -> Frame:
        """Offer a frame; without `motion` it is one that no gate has seen."""
        frame = replace(a_frame(after(second), camera=camera), motion=motion)
        self.scheduler.offer(frame, waits)
        return frame


def a_watch(camera: CameraId = CAMERA) -> Watch:
    return Watch(camera, [a_rule(camera=camera, min_duration_s=0)], epoch=1)


@contextmanager
def running(
    detector: Callable[[], OpenDetector] = OpenDetector,
    *,
    threads: int = 1,
    cameras: Sequence[CameraId] = (CAMERA,),
    on_looked: Callable[[Look], None] | None = None,
    **more: Any,
) -> Generator[Running]:
    """`more`: `batches`, and settings of the scheduler."""
    run = Running(detector, threads=threads, cameras=cameras, on_looked=on_looked, **more)
    run.scheduler.start()
    try:
        yield run
    finally:
        run.scheduler.stop()


@contextmanager
def gated(*, cameras: Sequence[CameraId] = (CAMERA,), **more: Any) -> Generator[tuple[Running, GatedDetector]]:
    gate = GatedDetector()
    with running(lambda: gate, cameras=cameras, **more) as run:
        try:
            yield run, gate
        finally:
            gate.let_through(1000)
