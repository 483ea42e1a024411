"""A reader that catches up gives its frames their turn, but not for ever."""

import time
from queue import Empty, Queue
from threading import Thread

import pytest

from core.drop_reason import DropReason
from core.frame import Frame
from core.motion import STILL
from inference.place import LookCounters
from tests.support.builders import CAMERA
from tests.support.scheduling import MOTION, OTHER, SOON_S, GatedDetector, Running, gated


class Reader:
    """Offers frames that wait for their turn, in a thread of its own."""

    def __init__(self, run: Running, *seconds: float) -> None:
        self.offered: Queue[Frame] = Queue()
        self._run, self._seconds = run, seconds
        self.thread = Thread(target=self._read)
        self.thread.start()

    def is_about_to_wait(self) -> None:
        """Return when its frame has been kept waiting for a moment."""
        with pytest.raises(Empty):
            self.offered.get(timeout=0.1)

    def _read(self) -> None:
        for second in self._seconds:
            self.offered.put(self._run.offer(second, motion=MOTION, waits=True))


def busy(run: Running, gate: GatedDetector) -> None:
    """One frame is being looked at, another waits."""
    run.offer(0)
    gate.begun.get(timeout=SOON_S)
    run.offer(0.2)


def test_frames_that_wait_for_their_turn_are_all_looked_at() -> None:
    with gated() as (run, gate):
        reader = Reader(run, 0, 0.2, 0.4, 0.6)
        for _ in range(4):
            frame = gate.begun.get(timeout=SOON_S)
            gate.let_through()
            assert run.next_look().frame is frame
        reader.thread.join(SOON_S)
    assert run.scheduler.counters(CAMERA) == LookCounters(4, 4, 0, {})


def test_a_frame_does_not_wait_for_longer_than_a_second() -> None:
    with gated() as (run, gate):
        busy(run, gate)
        reader = Reader(run, 0.4)
        reader.is_about_to_wait()
        newest = reader.offered.get(timeout=SOON_S)
        gate.let_through(2)
        run.next_look()
        assert run.next_look().frame is newest
        assert run.scheduler.counters(CAMERA).dropped == {DropReason.OVERTAKEN: 1}


def test_a_frame_in_which_nothing_moves_waits_for_nobody() -> None:
    with gated() as (run, gate):
        run.offer(0)
        gate.begun.get(timeout=SOON_S)
        gate.let_through()
        run.next_look()
        busy(run, gate)
        began = time.monotonic()
        run.offer(0.4, motion=STILL, waits=True)
        assert time.monotonic() - began < 0.5
        assert run.scheduler.counters(CAMERA).dropped == {DropReason.STILL: 1}


def test_the_stop_waits_for_no_reader() -> None:
    with gated() as (run, gate):
        busy(run, gate)
        reader = Reader(run, 0.4)
        reader.is_about_to_wait()
        gate.let_through(1000)
        run.scheduler.stop()
        reader.offered.get(timeout=SOON_S)
    counters = run.scheduler.counters(CAMERA)
    assert counters.offered == counters.looked_at + sum(counters.dropped.values()) == 3


def test_nothing_is_told_of_a_camera_that_was_removed_while_a_frame_waited() -> None:
    with gated(cameras=[CAMERA, OTHER]) as (run, gate):
        run.offer(0, OTHER)
        gate.begun.get(timeout=SOON_S)
        run.offer(0.2)
        reader = Reader(run, 0.4)
        reader.is_about_to_wait()
        run.scheduler.remove(CAMERA)
        reader.offered.get(timeout=0.5)
        gate.let_through(2)
        assert run.next_look().frame.camera == OTHER
        assert run.scheduler.depth == 0
    assert run.looks.empty()
    assert run.scheduler.dropped() == {DropReason.REMOVED: 1}
