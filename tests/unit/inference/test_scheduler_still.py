"""Frames in which nothing moves: not for the detector, and yet not without use."""

from core.drop_reason import DropReason
from core.motion import STILL
from inference.place import LookCounters
from inference.watch import Watch
from tests.support.builders import CAMERA, a_rule, after
from tests.support.scheduling import MOTION, SOON_S, BlindDetector, CountingDetector, FailingDetector, gated, running
from tests.support.waiting import wait_for


def test_the_first_frame_is_looked_at_though_nothing_moves_in_it() -> None:
    with running() as run:
        run.offer(0, motion=STILL)
        assert run.next_look().detections


def test_where_nothing_moves_what_is_known_is_carried_on_without_a_detector() -> None:
    detector = CountingDetector()
    with running(lambda: detector, still_look_s=10) as run:
        run.offer(0, motion=MOTION)
        first = run.next_look()
        run.offer(0.2, motion=STILL)
        second = run.next_look()
    assert detector.batches == [1]
    assert [track.number for track in second.tracks] == [track.number for track in first.tracks] == [1]
    assert second.tracks[0].last_seen_at == second.frame.at
    assert run.scheduler.counters(CAMERA) == LookCounters(2, 1, 0, {DropReason.STILL: 1})


def test_a_rule_is_fulfilled_while_nothing_moves() -> None:
    with running(cameras=[]) as run:
        run.scheduler.add(CAMERA, Watch(CAMERA, [a_rule(min_duration_s=1)], epoch=1))
        run.offer(0, motion=MOTION)
        assert run.next_look().events == []
        for tenth in range(2, 12, 2):
            run.offer(tenth / 10, motion=STILL)
            look = run.next_look()
    assert [event.started_at for event in look.events] == [after(0)]


def test_where_nothing_is_known_nobody_is_woken() -> None:
    with running(BlindDetector) as run:
        run.offer(0, motion=STILL)
        run.next_look()
        run.offer(0.2, motion=STILL)
        assert run.scheduler.depth == 0
        assert run.scheduler.counters(CAMERA) == LookCounters(2, 1, 0, {DropReason.STILL: 1})
    assert run.looks.empty()


def test_motion_ends_the_rest() -> None:
    with running(BlindDetector) as run:
        for second in (0, 1):
            run.offer(second, motion=MOTION)
            run.next_look()
    assert run.scheduler.counters(CAMERA) == LookCounters(2, 2, 0, {})


def test_a_camera_is_looked_at_now_and_then_though_nothing_moves() -> None:
    detector = CountingDetector()
    with running(lambda: detector, still_look_s=1.0) as run:
        for tenth in range(0, 21, 2):
            run.offer(tenth / 10, motion=STILL)
            run.next_look()
    assert len(detector.batches) == 3, "at 0, 1 and 2 s"


def test_a_camera_whose_time_jumped_back_is_looked_at() -> None:
    detector = CountingDetector()
    with running(lambda: detector) as run:
        for second in (100, 0, 0.2):
            run.offer(second, motion=STILL)
            run.next_look()
    assert len(detector.batches) == 2


def test_a_still_frame_does_not_overtake_a_moving_one_that_waits() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        moving = run.offer(0.2, motion=MOTION)
        run.offer(0.4, motion=STILL)
        gate.let_through(2)
        run.next_look()
        assert run.next_look().frame is moving
    assert run.scheduler.counters(CAMERA) == LookCounters(3, 2, 0, {DropReason.STILL: 1})


def test_a_moving_frame_takes_the_place_of_a_still_one_which_lost_nothing() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        gate.let_through()
        run.next_look()
        run.offer(0.2)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.4, motion=STILL)
        moving = run.offer(0.6, motion=MOTION)
        gate.let_through(2)
        run.next_look()
        assert run.next_look().frame is moving
    assert run.scheduler.counters(CAMERA) == LookCounters(4, 3, 0, {DropReason.STILL: 1})


def test_of_two_still_frames_the_newer_one_is_carried_on() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        gate.let_through()
        run.next_look()
        run.offer(0.2)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.4, motion=STILL)
        newest = run.offer(0.6, motion=STILL)
        gate.let_through()
        run.next_look()
        assert run.next_look().frame is newest
    assert run.scheduler.counters(CAMERA) == LookCounters(4, 2, 0, {DropReason.STILL: 2})


def test_a_camera_whose_looks_fail_goes_on_asking_for_them() -> None:
    with running(lambda: FailingDetector(CAMERA)) as run:
        for second in range(3):
            run.offer(second, motion=STILL)
            wait_for(lambda: not run.scheduler.counters(CAMERA).waiting, "its look to have failed", SOON_S)
    assert run.scheduler.counters(CAMERA) == LookCounters(3, 0, 0, {DropReason.FAILED: 3})
