"""The scheduler over real threads: which frame is looked at, when, and by whom."""

import logging
import random
import weakref
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from queue import Queue
from threading import Barrier, Event, Lock, Thread, get_ident

import pytest

from core.drop_reason import DropReason
from core.ids import CameraId
from inference.place import LookCounters
from inference.watch import Look
from tests.support.builders import CAMERA, a_frame, after
from tests.support.scheduling import (
    OTHER,
    SOON_S,
    FailingDetector,
    OpenDetector,
    Running,
    gated,
    running,
)


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
