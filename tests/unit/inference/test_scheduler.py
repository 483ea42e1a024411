"""The scheduler over real threads, with a detector that a test lets through look by look."""

import logging
import random
import weakref
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from queue import Empty, Queue
from threading import Barrier, Event, Lock, Semaphore, Thread, get_ident

import pytest

from core.detection import Detection
from core.errors import Conflict, NotFound
from core.event import EndReason
from core.frame import Frame
from core.ids import CameraId
from inference.pace import Pace
from inference.place import DropReason, LookCounters, Place
from inference.scheduler import Scheduler, SchedulerSettings
from inference.watch import Look, Watch
from tests.support.builders import CAMERA, FakeClock, a_detection, a_frame, a_rule, after

SOON_S = 10.0
"""The deadline of every wait."""
OTHER = CameraId(8)


class OpenDetector:
    """Finds a person in every frame, at once."""

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
        return [[a_detection(score=0.9)] for _ in frames]


class GatedDetector(OpenDetector):
    """Waits in each look until it is let through."""

    def __init__(self) -> None:
        self.begun: Queue[Frame] = Queue()
        self._permits = Semaphore(0)

    def detect(self, frames: Sequence[Frame], /) -> list[list[Detection]]:
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
    """A started scheduler and what it has looked at."""

    def __init__(
        self,
        detector: Callable[[], OpenDetector] = OpenDetector,
        *,
        threads: int = 1,
        cameras: Sequence[CameraId] = (CAMERA,),
        on_looked: Callable[[Look], None] | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.looks: Queue[Look] = Queue()
        self.scheduler = Scheduler(
            detector, self.clock, on_looked or self.looks.put, SchedulerSettings(detect_fps=5, threads=threads)
        )
        for camera in cameras:
            self.scheduler.add(camera, a_watch(camera))

    def next_look(self) -> Look:
        return self.looks.get(timeout=SOON_S)

    def offer(self, second: float, camera: CameraId = CAMERA) -> Frame:
        frame = a_frame(after(second), camera=camera)
        self.scheduler.offer(frame)
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
) -> Generator[Running]:
    run = Running(detector, threads=threads, cameras=cameras, on_looked=on_looked)
    run.scheduler.start()
    try:
        yield run
    finally:
        run.scheduler.stop()


@contextmanager
def gated(*, cameras: Sequence[CameraId] = (CAMERA,)) -> Generator[tuple[Running, GatedDetector]]:
    gate = GatedDetector()
    with running(lambda: gate, cameras=cameras) as run:
        try:
            yield run, gate
        finally:
            gate.let_through(1000)


def test_a_frame_is_looked_at_and_what_came_of_it_is_told() -> None:
    with running() as run:
        frame = run.offer(0)
        look = run.next_look()
    assert look.frame is frame
    assert [found.label for found in look.detections] == ["person"]
    assert [track.number for track in look.tracks] == [1]
    assert [event.version for event in look.events] == [1]


def test_latency_is_measured_from_the_arrival_of_the_frame() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        run.clock.advance(0.25)
        gate.let_through()
        assert run.next_look().latency_s == pytest.approx(0.25)


def test_the_newest_frame_wins_and_the_overtaken_are_counted() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.2)
        run.offer(0.4)
        newest = run.offer(0.6)
        gate.let_through(2)
        run.next_look()
        assert run.next_look().frame is newest
    assert run.scheduler.counters(CAMERA) == LookCounters(4, 2, 0, {DropReason.OVERTAKEN: 2})


def test_frames_that_are_not_due_are_counted_apart() -> None:
    with running() as run:
        for index in range(6):
            run.offer(index * 0.04)
            if index % 5 == 0:
                run.next_look()
    assert run.scheduler.counters(CAMERA) == LookCounters(6, 2, 0, {DropReason.NOT_DUE: 4})


def test_a_frame_that_waits_is_counted_as_waiting() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.2)
        assert run.scheduler.counters(CAMERA) == LookCounters(2, 0, 2, {})
        assert run.scheduler.depth == 0, "no thread may look at a camera that is being looked at"


def test_under_overload_all_cameras_are_looked_at_equally_often() -> None:
    cameras = [CameraId(number) for number in range(1, 11)]
    looked: Counter[CameraId] = Counter()
    with gated(cameras=cameras) as (run, gate):
        chance = random.Random(1)
        offer_all(run, cameras, 0)
        for step in range(1, 201):
            gate.begun.get(timeout=SOON_S)
            # Some cameras bring ten times the frames of others, always in another order.
            run.clock.advance(0.05)
            for camera in chance.sample(cameras, len(cameras)):
                for repeat in range(10 if camera % 2 else 1):
                    run.offer(step + repeat * 0.01, camera)
            gate.let_through()
            looked[run.next_look().frame.camera] += 1
    assert set(looked) == set(cameras)
    assert max(looked.values()) - min(looked.values()) <= 1


def offer_all(run: Running, cameras: Sequence[CameraId], second: float) -> None:
    for camera in cameras:
        run.offer(second, camera)


def test_the_camera_furthest_past_its_due_time_is_next() -> None:
    recent, busy, neglected = CameraId(1), CameraId(2), CameraId(3)
    with gated(cameras=[recent, busy, neglected]) as (run, gate):
        for camera in (recent, busy):
            run.offer(0, camera)
            gate.begun.get(timeout=SOON_S)
            run.clock.advance(0.1)
            if camera == recent:
                gate.let_through()
                run.next_look()
        run.offer(0.2, recent)
        run.offer(0.2, neglected)
        gate.let_through()
        assert gate.begun.get(timeout=SOON_S).camera == neglected


def test_every_offered_frame_is_accounted_for() -> None:
    cameras = [CameraId(number) for number in range(1, 7)]
    offered = 400
    with running(threads=3, cameras=cameras) as run:

        def read(camera: CameraId) -> None:
            for index in range(offered):
                run.offer(index * 0.04, camera)

        readers = [Thread(target=read, args=(camera,)) for camera in cameras]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(SOON_S)
    for camera in cameras:
        counters = run.scheduler.counters(camera)
        assert counters.offered == offered
        assert counters.looked_at + sum(counters.dropped.values()) == offered
        assert counters.dropped[DropReason.NOT_DUE] == offered * 4 // 5
        assert counters.waiting == 0


def test_a_camera_is_looked_at_by_one_thread_at_a_time_and_in_order() -> None:
    cameras = [CAMERA, OTHER]
    lock, inside = Lock(), Counter[CameraId]()
    overlaps: list[CameraId] = []
    times: dict[CameraId, list[datetime]] = {camera: [] for camera in cameras}

    def looked(look: Look) -> None:
        camera = look.frame.camera
        with lock:
            inside[camera] += 1
            if inside[camera] > 1:
                overlaps.append(camera)
        times[camera].append(look.frame.at)
        with lock:
            inside[camera] -= 1

    with running(threads=4, cameras=cameras, on_looked=looked) as run:
        for index in range(500):
            offer_all(run, cameras, index * 0.2)
    assert overlaps == []
    assert all(seen and seen == sorted(seen) for seen in times.values())


def test_two_cameras_are_looked_at_at_the_same_time_by_two_threads() -> None:
    meeting = Barrier(2, timeout=SOON_S)
    met: Queue[int] = Queue()

    def looked(look: Look) -> None:
        meeting.wait()
        met.put(get_ident())

    with running(threads=2, cameras=[CAMERA, OTHER], on_looked=looked) as run:
        offer_all(run, [CAMERA, OTHER], 0)
        assert met.get(timeout=SOON_S) != met.get(timeout=SOON_S)


def test_a_failure_is_counted_and_harms_no_other_camera() -> None:
    with running(lambda: FailingDetector(CAMERA), cameras=[CAMERA, OTHER]) as run:
        run.offer(0)
        run.offer(0, OTHER)
        assert run.next_look().frame.camera == OTHER
    assert run.scheduler.counters(CAMERA) == LookCounters(1, 0, 0, {DropReason.FAILED: 1})
    assert run.scheduler.counters(OTHER) == LookCounters(1, 1, 0, {})


def test_what_is_done_with_a_look_may_fail_too() -> None:
    told: Queue[Look] = Queue()

    def looked(look: Look) -> None:
        told.put(look)
        raise OSError("disk full")

    with running(on_looked=looked) as run:
        for second in (0, 1):
            run.offer(second)
            told.get(timeout=SOON_S)
    assert run.scheduler.counters(CAMERA).dropped == {DropReason.FAILED: 2}


def test_repeated_failures_do_not_flood_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.ERROR),
        running(lambda: FailingDetector(CAMERA), cameras=[CAMERA, OTHER]) as run,
    ):
        for second in range(10):
            run.offer(second)
            run.offer(second, OTHER)
            run.next_look()
    messages = [record.getMessage() for record in caplog.records]
    assert [message.split("(")[1] for message in messages] == [f"{count} times so far)" for count in (1, 2, 4, 8)]


def test_a_change_is_made_between_two_looks() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        answers: Queue[list[EndReason | None]] = Queue()

        def change() -> None:
            ended = run.scheduler.change(CAMERA, lambda watch: watch.replace([]))
            answers.put([event.end_reason for event in ended])

        changing = Thread(target=change)
        changing.start()
        with pytest.raises(Empty):
            answers.get(timeout=0.05)
        gate.let_through()
        assert answers.get(timeout=SOON_S) == [EndReason.RULE_CHANGED]
        changing.join(SOON_S)


def test_a_change_that_is_waited_for_comes_before_the_next_look() -> None:
    place = Place(a_watch(), Pace(5), due=0)
    place.offer(a_frame())
    assert place.is_ready
    place.claims = 1
    assert not place.is_ready


def test_looks_go_on_after_a_change() -> None:
    with running() as run:
        run.scheduler.change(CAMERA, lambda watch: watch.replace([]))
        run.offer(0)
        assert run.next_look().events == []


def test_a_change_is_made_though_no_frame_comes() -> None:
    with running() as run:
        assert run.scheduler.change(CAMERA, lambda watch: watch.close(EndReason.STREAM_ENDED)) == []


def test_what_a_change_raises_is_raised_and_frees_the_camera() -> None:
    with running() as run:
        with pytest.raises(ZeroDivisionError):
            run.scheduler.change(CAMERA, lambda watch: 1 // 0)
        run.offer(0)
        run.next_look()


def test_a_change_from_within_a_look_is_refused_instead_of_waiting_for_ever() -> None:
    refused: Queue[Conflict] = Queue()

    def looked(look: Look) -> None:
        with pytest.raises(Conflict) as raised:
            run.scheduler.change(CAMERA, lambda watch: None)
        refused.put(raised.value)

    with running(on_looked=looked) as run:
        run.offer(0)
        assert "from within a look" in str(refused.get(timeout=SOON_S))


def test_removing_a_camera_waits_for_its_look_and_drops_what_waits() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.2)
        watches: Queue[Watch] = Queue()
        removing = Thread(target=lambda: watches.put(run.scheduler.remove(CAMERA)))
        removing.start()
        with pytest.raises(Empty):
            watches.get(timeout=0.05)
        gate.let_through()
        ended = watches.get(timeout=SOON_S).close(EndReason.STOPPED)
        removing.join(SOON_S)
        assert [event.end_reason for event in ended] == [EndReason.STOPPED]
        assert run.looks.qsize() == 1


def test_no_change_is_made_on_a_camera_that_was_removed_meanwhile() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        removed, too_late = Event(), Queue[bool]()

        def remove() -> None:
            run.scheduler.remove(CAMERA)
            removed.set()

        def change() -> None:
            with suppress(NotFound):
                run.scheduler.change(CAMERA, lambda watch: too_late.put(removed.is_set()))

        waiting = [Thread(target=remove), *(Thread(target=change) for _ in range(5))]
        for thread in waiting:
            thread.start()
        gate.let_through()
        for thread in waiting:
            thread.join(SOON_S)
        assert removed.is_set()
        assert not any(too_late.get_nowait() for _ in range(too_late.qsize()))


def test_frames_of_a_camera_that_is_not_looked_at_are_ignored() -> None:
    with running() as run:
        run.scheduler.remove(CAMERA)
        run.offer(0)
        assert run.scheduler.depth == 0
        with pytest.raises(NotFound, match="camera 7"):
            run.scheduler.counters(CAMERA)


def test_a_camera_cannot_be_added_twice() -> None:
    with pytest.raises(Conflict, match="camera 7"):
        Running(cameras=[CAMERA, CAMERA])


def test_a_camera_can_be_added_again_after_it_was_removed() -> None:
    with running() as run:
        run.scheduler.add(CAMERA, run.scheduler.remove(CAMERA))
        run.offer(0)
        run.next_look()


def test_the_stop_drops_what_waits_and_counts_it() -> None:
    run = Running()
    run.offer(0)
    run.scheduler.stop()
    run.offer(1)
    assert run.scheduler.counters(CAMERA) == LookCounters(2, 0, 0, {DropReason.STOPPED: 2})


def test_frames_offered_before_the_start_are_looked_at_after_it() -> None:
    run = Running()
    frame = run.offer(0)
    run.scheduler.start()
    try:
        assert run.next_look().frame is frame
    finally:
        run.scheduler.stop()


def test_each_thread_has_a_detector_of_its_own() -> None:
    made: list[OpenDetector] = []

    def make() -> OpenDetector:
        made.append(OpenDetector())
        return made[-1]

    with running(make, threads=3):
        pass
    assert len(made) == 3


def test_a_detector_that_cannot_be_made_is_told_at_the_start() -> None:
    def make() -> OpenDetector:
        raise OSError("no model")

    run = Running(make)
    with pytest.raises(OSError, match="no model"):
        run.scheduler.start()


def test_an_idle_scheduler_holds_no_frame() -> None:
    gone = Event()
    with running(on_looked=lambda look: None) as run:
        frame = a_frame(after(0))
        weakref.finalize(frame.luma, gone.set)
        run.scheduler.offer(frame)
        del frame
        assert gone.wait(SOON_S)
