"""What a track says of its object beyond where it is: smoothed score, velocity, how far it has moved."""

import random

import pytest

from core.detection import Detection
from tests.support.builders import a_box, a_detection
from tests.support.following import STEP_S, follow, walking


def _scores(*scores: float) -> list[float]:
    return [track.smooth_score for look in follow([[a_detection(score=score)] for score in scores]) for track in look]


def test_the_smooth_score_is_at_first_the_mean() -> None:
    assert _scores(0.4, 0.5, 0.6)[-1] == pytest.approx(0.5)


def test_one_lucky_detection_does_not_raise_the_smooth_score_much() -> None:
    assert _scores(*[0.45] * 20, 0.95)[-1] < 0.54


def test_one_weak_detection_does_not_sink_the_smooth_score() -> None:
    assert _scores(*[0.7] * 20, 0.2)[-1] > 0.6


def test_the_smooth_score_follows_in_two_seconds() -> None:
    assert _scores(*[0.7] * 20, *[0.3] * 15)[-1] < 0.35


def test_the_velocity_of_a_walking_object_is_told_in_shares_a_second() -> None:
    track = follow([[found] for found in walking(4, speed=0.12)])[-1][0]
    assert track.velocity.x == pytest.approx(0.12, abs=0.002)
    assert track.velocity.y == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("step_s", [0.04, 0.5])
def test_the_velocity_does_not_depend_on_how_often_one_looks(step_s: float) -> None:
    looks = [[a_detection("car", 0.8, a_box(0.1, 0.1 + 0.1 * step * step_s))] for step in range(round(4 / step_s))]
    assert follow(looks, step_s=step_s)[-1][0].velocity.y == pytest.approx(0.1, abs=0.002)


def test_the_velocity_of_a_trembling_object_stays_small() -> None:
    chance = random.Random(1)
    looks = [[a_detection(score=0.6, box=a_box(0.5 + chance.gauss(0, 0.002), 0.5))] for _ in range(500)]
    assert max(track.velocity.speed for look in follow(looks) for track in look) < 0.05


def _path(*feet: tuple[float, float]) -> list[list[Detection]]:
    return [[a_detection(score=0.8, box=a_box(x, foot - 0.1))] for x, foot in feet]


def test_what_has_moved_is_measured_at_the_foot_as_the_crow_flies() -> None:
    there = [(0.2 + 0.02 * step, 0.5) for step in range(11)]
    corner = [(0.4, 0.5 - 0.015 * step) for step in range(11)]
    assert follow(_path(*there, *corner, (0.4, 0.35)))[-1][0].moved == pytest.approx(0.25)


def test_what_has_moved_is_the_farthest_not_the_last() -> None:
    away = [(0.2 + 0.02 * step, 0.5) for step in range(11)]
    assert follow(_path(*away, away[-1], *reversed(away)))[-1][0].moved == pytest.approx(0.2)


def test_an_object_that_grows_where_it_stands_has_not_moved() -> None:
    looks = [[a_detection(score=0.8, box=a_box(0.5, 0.7 - 0.005 * step, 0.1, 0.2 + 0.01 * step))] for step in range(10)]
    assert follow(looks)[-1][0].moved == 0


def test_an_object_tells_how_far_it_has_moved_one_look_late() -> None:
    looks = [[found] for found in walking(4)]
    assert follow(looks)[-1][0].moved == pytest.approx(0.1 * STEP_S * (len(looks) - 2))
