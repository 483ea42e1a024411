import random
import time

import pytest
from pydantic import ValidationError

from core.box import Box
from core.detection import Detection
from inference.tracking import Tracker, TrackerSettings
from tests.support.builders import CAMERA, a_box, a_detection, after
from tests.support.following import STEP_S, follow, numbers, walking

TURNS = 15_000
"""Of an empty loop: a quarter of a millisecond where the figure was set, 16 ns each."""


def test_an_object_is_shown_once_it_was_seen_three_times() -> None:
    shown = follow([[found] for found in walking(0.8)])
    assert [len(look) for look in shown] == [0, 0, 1, 1]


def test_an_object_of_a_high_score_is_shown_at_once() -> None:
    assert len(Tracker(CAMERA).update(after(0), [a_detection(score=0.9)])) == 1


def test_a_track_says_since_when_its_object_was_seen_also_before_it_was_believed() -> None:
    track = follow([[found] for found in walking(0.6)])[-1][0]
    assert (track.first_seen_at, track.last_seen_at) == (after(0), after(0.4))


def test_a_track_shows_the_newest_detection() -> None:
    looks = walking(1.0)
    looks[-1] = a_detection(score=0.51, box=Box(0.13, 0.41, 0.24, 0.62))
    track = follow([[found] for found in looks])[-1][0]
    assert (track.score, track.box) == (0.51, Box(0.13, 0.41, 0.24, 0.62))


def test_a_moving_object_keeps_its_number() -> None:
    assert numbers(follow([[found] for found in walking(8)])) == {1}


def test_a_fast_object_that_does_not_overlap_itself_keeps_its_number() -> None:
    looks = [[a_detection("car", 0.6, a_box(0.05 + 0.08 * index, 0.5, 0.06, 0.06))] for index in range(12)]
    assert numbers(follow(looks)) == {1}


def test_an_object_keeps_its_number_though_pictures_come_irregularly() -> None:
    tracker, chance, at = Tracker(CAMERA), random.Random(4), 0.0
    seen = []
    while at < 7:
        seen.append(tracker.update(after(at), [a_detection(score=0.6, box=a_box(0.05 + 0.12 * at, 0.5))]))
        at += chance.choice([0.03, 0.1, 0.2, 0.5, 0.7])
    assert numbers(seen) == {1}


def test_a_weak_detection_never_begins_a_track() -> None:
    assert numbers(follow([[a_detection(score=0.35)]] * 20)) == set()


def test_weak_detections_carry_a_track_on() -> None:
    standing = [[a_detection(score=0.6)]] * 3 + [[a_detection(score=0.25)]] * 50
    shown = follow(standing)
    assert all(look and look[0].number == 1 for look in shown[2:])


def test_detections_below_the_low_score_are_ignored() -> None:
    assert follow([[a_detection(score=0.6)]] * 3 + [[a_detection(score=0.1)]])[-1] == []


def test_a_standing_object_whose_box_trembles_is_one_track() -> None:
    chance = random.Random(1)
    looks = [
        [a_detection("person", 0.5, a_box(0.5 + chance.gauss(0, 0.01), 0.5, 0.1 + chance.gauss(0, 0.01), 0.3))]
        if chance.random() < 0.7
        else []
        for _ in range(600)
    ]
    assert numbers(follow(looks)) == {1}


def test_an_object_that_was_hidden_gets_its_number_back() -> None:
    looks = [[found] for found in walking(6)]
    looks[12:22] = [[]] * 10
    assert numbers(follow(looks)) == {1}


def test_an_object_out_of_sight_is_not_shown() -> None:
    assert follow([[a_detection(score=0.9)], []])[-1] == []


def test_an_object_that_was_away_for_longer_gets_a_new_number() -> None:
    standing = [[a_detection(score=0.6)]] * 5
    assert numbers(follow(standing + [[]] * 16 + standing)) == {1, 2}


def test_an_object_not_yet_believed_is_soon_given_up() -> None:
    flicker: list[list[Detection]] = [[a_detection(score=0.6)], [], [], [], [], []]
    assert numbers(follow(flicker * 10)) == set()


def test_a_label_that_flips_between_lookalikes_does_not_split_a_track() -> None:
    looks = [
        [a_detection("truck" if index % 3 == 2 else "car", 0.6, found.box)] for index, found in enumerate(walking(5))
    ]
    shown = follow(looks)
    assert numbers(shown) == {1}
    assert {track.label for look in shown for track in look} == {"car"}


def test_a_label_misread_for_long_is_corrected() -> None:
    looks = [[a_detection("truck", 0.5)]] * 100 + [[a_detection("car", 0.6)]] * 30
    assert follow(looks)[-1][0].label == "car"


def test_a_person_before_a_car_is_a_track_of_its_own() -> None:
    looks = [[a_detection("car", 0.6)]] * 4 + [[a_detection("person", 0.6)]] * 4
    shown = follow(looks)
    assert [(track.number, track.label) for track in shown[-1]] == [(2, "person")]


def test_two_labels_for_one_object_are_one_track() -> None:
    shown = follow([[a_detection("car", 0.6), a_detection("truck", 0.5)]] * 6)
    assert [track.label for track in shown[-1]] == ["car"]


def test_objects_that_pass_each_other_keep_their_numbers() -> None:
    looks = []
    for index in range(30):
        along = 0.2 + 0.02 * index
        looks.append(
            [
                a_detection("car", 0.6, a_box(along, 0.5, 0.1, 0.1)),
                a_detection("car", 0.6, a_box(1 - along, 0.58, 0.1, 0.1)),
            ]
        )
    places = {track.number: track.box.centre.y for track in follow(looks)[-1]}
    assert places == {1: pytest.approx(0.5), 2: pytest.approx(0.58)}


def test_tracks_come_in_the_order_of_their_numbers() -> None:
    slow, sure = a_detection(score=0.6, box=a_box(0.2)), a_detection(score=0.9, box=a_box(0.8))
    shown = follow([[slow], [slow], [slow, sure], [slow, sure], [slow, sure]])
    assert all([track.number for track in look] == sorted(track.number for track in look) for look in shown)


def test_each_camera_counts_its_own_tracks() -> None:
    first, second = Tracker(CAMERA), Tracker(CAMERA)
    follow([[a_detection(score=0.9, box=a_box(0.2)), a_detection(score=0.9, box=a_box(0.8))]], tracker=first)
    assert numbers(follow([[a_detection(score=0.9)]], tracker=second)) == {1}


def test_two_runs_say_the_same() -> None:
    chance = random.Random(3)
    looks = [
        [
            a_detection(chance.choice(["car", "truck", "person"]), chance.random(), a_box(chance.random()))
            for _ in "12345"
        ]
        for _ in range(40)
    ]
    assert follow(looks) == follow(looks)


def test_time_that_runs_back_a_little_is_taken_to_stand() -> None:
    tracker = Tracker(CAMERA)
    follow([[a_detection(score=0.9)]] * 3, tracker=tracker)
    track = tracker.update(after(-1), [a_detection(score=0.9)])[0]
    assert (track.number, track.last_seen_at) == (1, after(0.4))


@pytest.mark.parametrize("jump_s", [-3600, 3600])
def test_a_jump_of_time_makes_new_tracks(jump_s: float) -> None:
    tracker = Tracker(CAMERA)
    follow([[a_detection(score=0.9)]] * 3, tracker=tracker)
    track = tracker.update(after(jump_s), [a_detection(score=0.9)])[0]
    assert (track.number, track.first_seen_at) == (2, after(jump_s))


def test_an_object_missing_from_a_picture_of_the_same_moment_is_not_shown() -> None:
    tracker = Tracker(CAMERA)
    tracker.update(after(0), [a_detection(score=0.9)])
    assert tracker.update(after(0), []) == []


def test_ten_objects_take_no_longer_than_so_many_turns_of_an_empty_loop_as_take_a_quarter_of_a_millisecond() -> None:
    tracker, chance = Tracker(CAMERA), random.Random(5)
    took, turns = [], []
    for index in range(100):
        found = [
            a_detection("car", chance.uniform(0.3, 0.7), a_box(0.05 + 0.1 * place, 0.3 + 0.001 * index, 0.06, 0.06))
            for place in range(10)
        ]
        begun = time.thread_time()
        shown = tracker.update(after(index * STEP_S), found)
        took.append(time.thread_time() - begun)
        begun = time.thread_time()
        for _ in range(TURNS):
            pass
        turns.append(time.thread_time() - begun)
    assert len(shown) == 10
    assert min(took[50:]) < min(turns)


def test_scores_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValidationError, match="low_score <= high_score <= sure_score"):
        TrackerSettings(low_score=0.5, high_score=0.4)
