import time

import pytest

from core.detection import Detection
from core.track import Track
from inference.tracking import Tracker
from tests.support.builders import CAMERA, a_box, a_detection, after
from tests.support.following import STEP_S, follow, numbers, walking

PERSON = a_detection("person", 0.6, a_box(0.3))


def _still(tracker: Tracker, from_s: float, to_s: float) -> list[list[Track]]:
    steps = round((to_s - from_s) / STEP_S)
    return [tracker.still(after(from_s + STEP_S * step)) for step in range(1, steps + 1)]


def _after_looks(*looks: list[Detection]) -> tuple[Tracker, float]:
    """A tracker that was shown `looks`, and when the last of them was, in seconds."""
    tracker = Tracker(CAMERA)
    follow(looks, tracker=tracker)
    return tracker, STEP_S * (len(looks) - 1)


def test_what_was_seen_last_is_still_there() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3)
    track = tracker.still(after(at_s + 1))[0]
    assert (track.number, track.box, track.score) == (1, PERSON.box, PERSON.score)
    assert (track.first_seen_at, track.last_seen_at) == (after(0), after(at_s + 1))


def test_it_is_still_there_after_an_hour() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3)
    _still(tracker, at_s, 600)
    assert numbers([tracker.update(after(600.2), [PERSON])]) == {1}


def test_it_becomes_stationary_in_time() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3)
    since = next(look[0].last_seen_at for look in _still(tracker, at_s, 10) if look[0].is_stationary)
    assert after(5.0) <= since <= after(5.2)


def test_an_object_that_stopped_becomes_stationary_where_it_stopped() -> None:
    tracker, at_s = _after_looks(*[[found] for found in walking(3)])
    shown = _still(tracker, at_s, at_s + 6)
    since = next(look[0].last_seen_at for look in shown if look[0].is_stationary)
    assert after(at_s + 4.5) <= since <= after(at_s + 5.4)
    assert shown[-1][0].moved == pytest.approx(0.1 * at_s)


def test_its_velocity_fades() -> None:
    tracker, at_s = _after_looks(*[[found] for found in walking(3)])
    speeds = [look[0].velocity.speed for look in _still(tracker, at_s, at_s + 10)]
    assert speeds == sorted(speeds, reverse=True)
    assert (speeds[0] < 0.1, speeds[-1]) == (True, 0.0)


def _looks_at_a_picture_that_stands(tracker: Tracker, from_s: float, *looks: list[Detection]) -> list[bool]:
    """Whether anything is shown at each of `looks`: one in ten seconds, with pictures in between that stand."""
    shown = []
    for found in looks:
        _still(tracker, from_s, from_s + 9.8)
        from_s += 10
        shown.append(bool(tracker.update(after(from_s), found, nothing_moves=True)))
    return shown


def test_a_stationary_object_that_is_overlooked_where_nothing_moves_is_still_shown() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 30)
    looks: list[list[Detection]] = [[], [PERSON], [], [], [PERSON], [], []]
    assert all(_looks_at_a_picture_that_stands(tracker, at_s, *looks))


def test_a_stationary_object_that_is_overlooked_three_times_is_gone() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 30)
    assert _looks_at_a_picture_that_stands(tracker, at_s, [], [], []) == [True, True, False]


def test_a_stationary_object_that_is_not_found_while_something_moves_is_not_shown() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 30)
    assert tracker.update(after(at_s + 0.2), []) == []


def test_an_object_that_walked_is_not_shown_where_a_look_does_not_find_it() -> None:
    """It has left the picture between two looks."""
    tracker, at_s = _after_looks(*[[found] for found in walking(6)])
    assert tracker.update(after(at_s + 0.2), [], nothing_moves=True) == []


def test_what_was_out_of_sight_stays_so() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3, [])
    assert numbers(_still(tracker, at_s, at_s + 2)) == set()


def test_what_was_out_of_sight_is_forgotten_in_its_time() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3, [])
    _still(tracker, at_s, at_s + 2.6)
    assert not tracker.is_empty
    _still(tracker, at_s + 2.6, at_s + 3.0)
    assert tracker.is_empty


def test_a_candidate_is_believed_no_sooner() -> None:
    tracker, at_s = _after_looks([PERSON])
    assert numbers(_still(tracker, at_s, at_s + 5)) == set()
    assert numbers([tracker.update(after(at_s + 5.2), [PERSON])]) == set()
    assert numbers([tracker.update(after(at_s + 5.4), [PERSON])]) == {1}


def test_a_candidate_that_was_seen_last_waits_for_the_next_look() -> None:
    tracker, at_s = _after_looks([PERSON], [PERSON])
    _still(tracker, at_s, at_s + 20)
    assert numbers([tracker.update(after(at_s + 20.2), [PERSON])]) == {1}


def test_a_candidate_out_of_sight_is_given_up_in_its_time() -> None:
    tracker, at_s = _after_looks([PERSON], [])
    _still(tracker, at_s, at_s + 0.6)
    assert not tracker.is_empty
    _still(tracker, at_s + 0.6, at_s + 1.2)
    assert tracker.is_empty


def test_an_object_that_goes_on_after_a_rest_keeps_its_number() -> None:
    way = walking(6)
    tracker, at_s = _after_looks(*[[found] for found in way[:15]])
    _still(tracker, at_s, at_s + 30)
    later = follow([[found] for found in way[15:]], tracker=tracker, from_s=at_s + 30.2)
    assert numbers(later) == {1}


def test_time_that_runs_back_a_little_is_taken_to_stand() -> None:
    tracker, at_s = _after_looks(*[[PERSON]] * 3)
    track = tracker.still(after(at_s - 1))[0]
    assert (track.number, track.last_seen_at) == (1, after(at_s))


@pytest.mark.parametrize("jump_s", [-3600, 3600])
def test_after_a_jump_of_time_nothing_is_known(jump_s: float) -> None:
    tracker, _ = _after_looks(*[[PERSON]] * 3)
    assert (tracker.still(after(jump_s)), tracker.is_empty) == ([], True)


def test_a_tracker_that_saw_nothing_is_empty() -> None:
    tracker = Tracker(CAMERA)
    assert (tracker.still(after(0)), tracker.update(after(1), []), tracker.is_empty) == ([], [], True)


def test_a_candidate_makes_a_tracker_not_empty() -> None:
    tracker, _ = _after_looks([PERSON])
    assert not tracker.is_empty


def test_ten_objects_take_less_than_a_tenth_of_a_millisecond() -> None:
    tracker, at_s = _after_looks(
        *[[a_detection("car", 0.6, a_box(0.05 + 0.1 * place, 0.5, 0.06)) for place in range(10)]] * 5
    )
    took = []
    for step in range(1, 200):
        begun = time.thread_time()
        shown = tracker.still(after(at_s + step * STEP_S))
        took.append(time.thread_time() - begun)
    assert len(shown) == 10
    assert min(took) < 0.0001
