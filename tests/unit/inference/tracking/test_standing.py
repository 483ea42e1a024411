import random

import pytest

from core.detection import Detection
from inference.tracking import Tracker, TrackerSettings
from tests.support.builders import CAMERA, a_box, a_detection, after
from tests.support.following import STEP_S, follow, numbers, walking

PARKED = a_detection("car", 0.6, a_box(0.5, 0.5, 0.2, 0.1))
STOOD = [[PARKED]] * 30
"""Six seconds."""


def _nothing(seconds: float) -> list[list[Detection]]:
    return [[]] * round(seconds / STEP_S)


def _stationary(looks: list[list[Detection]]) -> list[bool]:
    return [track.is_stationary for look in follow(looks) for track in look]


def test_a_standing_object_becomes_stationary_after_its_time() -> None:
    shown = _stationary(STOOD)
    assert shown.index(True) + 2 == round(TrackerSettings().stationary_s / STEP_S)  # shown from the third look on


def test_it_takes_the_same_time_however_often_one_looks() -> None:
    often = follow([[PARKED]] * 200, step_s=0.05)
    since = next(look[0].last_seen_at for look in often if look and look[0].is_stationary)
    assert after(5.0) <= since <= after(5.05)


def test_a_walking_object_is_never_stationary() -> None:
    assert not any(_stationary([[found] for found in walking(8)]))


def test_a_slow_object_is_never_stationary() -> None:
    assert not any(_stationary([[found] for found in walking(60, speed=0.008)]))


def test_a_trembling_object_stays_stationary_and_has_not_moved() -> None:
    chance = random.Random(2)
    looks = [
        [
            a_detection(
                "person",
                0.6,
                a_box(
                    0.5 + chance.gauss(0, 0.004),
                    0.5 + chance.gauss(0, 0.01),
                    0.1 * (1 + chance.gauss(0, 0.05)),
                    0.3 * (1 + chance.gauss(0, 0.05)),
                ),
            )
        ]
        for _ in range(1500)
    ]
    shown = follow(looks)
    assert all(track.is_stationary for look in shown[26:] for track in look)
    assert shown[-1][0].moved == 0


def test_one_wrong_box_does_not_end_a_stay() -> None:
    wrong = a_detection("car", 0.6, a_box(0.6, 0.5, 0.3, 0.1))
    track = follow([*STOOD, [wrong], [PARKED]])[-1][0]
    assert (track.is_stationary, track.moved) == (True, 0)


def test_an_object_that_drives_off_is_no_longer_stationary() -> None:
    off = [[a_detection("car", 0.6, a_box(0.5 + 0.04 * step, 0.5, 0.2, 0.1))] for step in range(6)]
    assert not follow(STOOD + off)[-1][0].is_stationary


@pytest.mark.parametrize("away_s", [3.4, 10, 30, 59])
def test_a_stationary_object_that_flickers_keeps_its_number(away_s: float) -> None:
    weak = a_detection("car", 0.25, PARKED.box)
    assert numbers(follow([*STOOD, *_nothing(away_s), [weak]])[-1:]) == {1}


def test_a_stationary_object_whose_last_box_was_off_is_looked_for_at_its_place() -> None:
    off = a_detection("car", 0.6, a_box(0.56, 0.5, 0.2, 0.1))
    assert numbers(follow([*STOOD, [off], *_nothing(10), [PARKED]])[-1:]) == {1}


def test_a_stationary_object_that_sways_stays_stationary() -> None:
    swayed = a_detection("car", 0.6, a_box(0.57, 0.5, 0.2, 0.1))
    assert _stationary([*STOOD, *[[swayed]] * 5])[-1]


def test_a_stationary_object_is_forgotten_in_the_end() -> None:
    assert numbers(follow(STOOD + _nothing(60.4) + STOOD)) == {1, 2}


def test_how_long_a_stationary_object_is_remembered_can_be_set() -> None:
    tracker = Tracker(CAMERA, TrackerSettings(stationary_lost_s=10))
    assert numbers(follow(STOOD + _nothing(10.4) + STOOD, tracker=tracker)) == {1, 2}


def test_an_object_that_moved_is_not_remembered_for_longer() -> None:
    off = [[a_detection("car", 0.6, a_box(0.5 + 0.04 * step, 0.5, 0.2, 0.1))] for step in range(6)]
    assert numbers(follow(STOOD + off + _nothing(3.4) + [off[-1]] * 3)) == {1, 2}


def test_an_object_that_was_seen_leaving_once_is_not_remembered_for_longer() -> None:
    leaving = a_detection("car", 0.6, a_box(0.6, 0.5, 0.2, 0.1))
    assert numbers(follow([*STOOD, [leaving], *_nothing(3.4), *STOOD])) == {1, 2}


def test_what_comes_half_way_to_the_place_of_a_remembered_object_is_another() -> None:
    beside = [[a_detection("car", 0.6, a_box(0.6, 0.53, 0.2, 0.1))]] * 4
    assert numbers(follow(STOOD + _nothing(10) + beside)) == {1, 2}


def test_an_object_that_comes_to_stand_in_the_place_of_a_remembered_one_replaces_it() -> None:
    comes = [[a_detection("truck", 0.6, a_box(0.1 + 0.04 * step, 0.5, 0.2, 0.11))] for step in range(10)]
    goes = [[a_detection("truck", 0.6, a_box(0.5 + 0.04 * step, 0.5, 0.2, 0.11))] for step in range(10)]
    shown = follow(STOOD + _nothing(3) + comes + [goes[0]] * 30 + goes + _nothing(1) + [[PARKED]] * 3)
    assert shown[-14][0].number == 2
    assert shown[-1][0].number == 3


@pytest.mark.parametrize("hidden_s", [0.4, 5.0, 20.0])
def test_a_parked_car_before_which_others_pass_keeps_its_number(hidden_s: float) -> None:
    """They hide it, each for a while; their boxes cover much of its own."""
    looks = list(STOOD)
    for _ in range(5):
        looks += [[a_detection("car", 0.7, a_box(0.1 + 0.06 * step, 0.52, 0.2, 0.1))] for step in range(14)]
        looks += _nothing(hidden_s)
        looks += [[PARKED]] * 3
    shown = follow(looks)
    assert {track.number for look in shown for track in look if track.box == PARKED.box} == {1}
