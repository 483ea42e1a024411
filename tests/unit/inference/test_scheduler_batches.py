"""Several frames at once, where that pays."""

import time
from collections import Counter
from collections.abc import Sequence

from core.detection import Detection
from core.drop_reason import DropReason
from core.frame import Frame
from core.ids import CameraId
from core.motion import STILL
from inference.place import LookCounters
from tests.support.builders import a_detection
from tests.support.scheduling import MOTION, SOON_S, CountingDetector, OpenDetector, gated, running
from tests.support.waiting import wait_for

CAMERAS = [CameraId(number) for number in range(1, 11)]


class MutteringDetector(OpenDetector):
    """Answers for one frame, however many it was given."""

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [[]]


def test_frames_that_are_ready_are_looked_at_together_up_to_the_largest_batch() -> None:
    with gated(cameras=CAMERAS, batches=True, batch=4, batch_wait_ms=0) as (run, gate):
        run.offer(0, CAMERAS[0])
        gate.begun.get(timeout=SOON_S)
        for camera in CAMERAS[1:]:
            run.offer(0, camera)
        gate.let_through(10)
        looks = [run.next_look() for _ in CAMERAS]
        assert gate.sizes == [1, 4, 4, 1]
    assert Counter(look.frame.camera for look in looks) == dict.fromkeys(CAMERAS, 1)
    assert all(look.detections for look in looks)


def test_each_look_of_a_batch_has_the_detections_of_its_own_frame() -> None:
    labels = {camera: "person" if camera % 2 else "car" for camera in CAMERAS}

    class Namer(OpenDetector):
        def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
            return [[a_detection(labels[frame.camera])] for frame in frames]

    with running(Namer, cameras=CAMERAS, batches=True, batch_wait_ms=100) as run:
        for camera in CAMERAS:
            run.offer(0, camera)
        for _ in CAMERAS:
            look = run.next_look()
            assert [found.label for found in look.detections] == [labels[look.frame.camera]]


def test_a_batch_that_is_not_full_waits_for_more_but_not_for_long() -> None:
    detector = CountingDetector()
    with running(lambda: detector, cameras=CAMERAS, batches=True, batch=4, batch_wait_ms=100) as run:
        began = time.monotonic()
        run.offer(0, CAMERAS[0])
        run.offer(0, CAMERAS[1])
        run.next_look()
        assert 0.09 <= time.monotonic() - began < SOON_S
        run.next_look()
    assert detector.batches == [2]


def test_a_full_batch_waits_for_nobody() -> None:
    detector = CountingDetector()
    with running(lambda: detector, cameras=CAMERAS, batches=True, batch=2, batch_wait_ms=100) as run:
        began = time.monotonic()
        for camera in CAMERAS[:8]:
            run.offer(0, camera)
        for _ in range(8):
            run.next_look()
        assert time.monotonic() - began < 0.1
    assert detector.batches == [2, 2, 2, 2]


def test_without_batches_each_frame_is_looked_at_alone_and_at_once() -> None:
    with gated(cameras=CAMERAS, batch=8, batch_wait_ms=100) as (run, gate):
        for camera in CAMERAS:
            run.offer(0, camera)
        gate.let_through(10)
        for _ in CAMERAS:
            run.next_look()
        assert gate.sizes == [1] * 10


def test_the_detector_is_given_no_still_frames() -> None:
    detector = CountingDetector()
    with running(lambda: detector, cameras=CAMERAS, batches=True, batch=10, batch_wait_ms=100) as run:
        for second, motion in ((0, MOTION), (1, STILL)):
            for camera in CAMERAS:
                run.offer(second, camera, motion=motion if camera % 2 else MOTION)
            looks = [run.next_look() for _ in CAMERAS]
            assert all(look.tracks for look in looks)
    assert sum(detector.batches) == 10 + 5


def test_a_batch_that_fails_is_counted_for_each_camera_in_it() -> None:
    class Broken(OpenDetector):
        def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
            raise RuntimeError("no more memory on the card")

    with running(Broken, cameras=CAMERAS, batches=True, batch_wait_ms=100) as run:
        for camera in CAMERAS:
            run.offer(0, camera)
        wait_for(lambda: run.scheduler.dropped().total() == len(CAMERAS), "all to have failed", SOON_S)
    for camera in CAMERAS:
        assert run.scheduler.counters(camera) == LookCounters(1, 0, 0, {DropReason.FAILED: 1})


def test_a_detector_that_answers_for_too_few_frames_has_failed_on_all() -> None:
    with running(MutteringDetector, cameras=CAMERAS, batches=True, batch=10, batch_wait_ms=100) as run:

        def failed() -> int:
            return run.scheduler.dropped()[DropReason.FAILED]

        for camera in CAMERAS:
            run.offer(0, camera)
        wait_for(lambda: failed() == 10, "all to have failed", SOON_S)
        for camera in CAMERAS:
            run.offer(1, camera)
        wait_for(lambda: failed() == 20, "the next ones to be looked at as well", SOON_S)
