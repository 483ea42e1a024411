"""Cameras are added, changed and removed while the scheduler looks at them."""

from contextlib import suppress
from datetime import timedelta
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from core.drop_reason import DropReason
from core.errors import Conflict, NotFound
from core.event import EndReason
from inference.place import Place
from inference.watch import Look, Watch
from tests.support.builders import CAMERA, a_frame
from tests.support.scheduling import SOON_S, Running, a_watch, gated, running


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
    place = Place(a_watch(), weight=1, still_look=timedelta(seconds=10))
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


def test_frames_of_a_removed_camera_stay_counted() -> None:
    run = Running()  # Not started: each frame overtakes the one before.
    for second in range(3):
        run.offer(second)
    run.scheduler.remove(CAMERA)
    assert run.scheduler.dropped() == {DropReason.OVERTAKEN: 2, DropReason.REMOVED: 1}
