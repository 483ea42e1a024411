"""The motion gate: what moves, where, and what it costs to find out."""

import time
from datetime import timedelta

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attention import Sensitivity
from core.box import Box
from core.motion import STILL, Motion
from tests.support.builders import after
from tests.support.footage import decoded, shared
from tests.support.scenes import (
    FPS,
    LEVELS,
    Camera,
    Luma,
    a_gate,
    a_scene,
    luma_of,
    moving,
    noisy,
    settled,
    square,
    with_object,
)


def test_in_the_first_picture_everything_moves() -> None:
    assert a_gate().see(a_scene(), after(0)) == Motion(1.0, Box(0, 0, 1, 1))


def test_a_gate_that_is_off_has_nothing_to_say() -> None:
    with pytest.raises(ValueError, match="off"):
        a_gate(Sensitivity.OFF)


@pytest.mark.parametrize("sensitivity", LEVELS)
@pytest.mark.parametrize("sigma", [0, 3, 6])
def test_sensor_noise_is_no_motion(sensitivity: Sensitivity, sigma: float) -> None:
    scene = a_scene()
    camera = Camera(a_gate(sensitivity))
    camera.show(noisy(scene, sigma, 999))
    assert moving(camera.show_all(50, lambda index: noisy(scene, sigma, index))) == 0


def test_key_frames_that_are_sharper_than_others_are_no_motion() -> None:
    scene = a_scene()
    blurred = np.asarray(cv2.GaussianBlur(scene, (0, 0), 2.0), np.uint8)
    camera = settled(blurred)
    assert moving(camera.show_all(50, lambda index: scene if index % 10 == 0 else blurred)) == 0


def test_an_encoded_scene_in_which_nothing_moves_is_still() -> None:
    """Real noise of a codec, with a key frame each second."""
    pictures = luma_of(decoded(shared("corridor-people.mp4").read_bytes())[715:738])
    camera = settled(pictures[0])
    assert moving([camera.show(picture) for picture in pictures]) == 0


@pytest.mark.parametrize(
    ("sensitivity", "side", "contrast"),
    [
        (Sensitivity.HIGH, 0.02, 25),
        (Sensitivity.HIGH, 0.03, 12),
        (Sensitivity.NORMAL, 0.03, 25),
        (Sensitivity.NORMAL, 0.05, 15),
        (Sensitivity.NORMAL, 0.3, 15),
        (Sensitivity.LOW, 0.06, 40),
        (Sensitivity.LOW, 0.1, 25),
    ],
)
def test_an_object_is_seen_where_it_is(sensitivity: Sensitivity, side: float, contrast: int) -> None:
    scene = a_scene()
    for index, (x, y) in enumerate([(0.1, 0.2), (0.5, 0.5), (0.83, 0.7)]):
        box = Box(x, y, min(1.0, x + side), min(1.0, y + side))
        motion = settled(scene, sensitivity).show(with_object(noisy(scene, 2, index), box, contrast))
        assert motion.box is not None
        seen = motion.box
        for side_seen, side_true in zip(
            (seen.left, seen.top, seen.right, seen.bottom), (box.left, box.top, box.right, box.bottom), strict=True
        ):
            assert side_seen == pytest.approx(side_true, abs=0.015)
        assert motion.share == pytest.approx(box.area, rel=0.7, abs=0.0005)


@pytest.mark.parametrize(
    ("sensitivity", "side", "contrast"),
    [(Sensitivity.LOW, 0.015, 60), (Sensitivity.LOW, 0.1, 10), (Sensitivity.NORMAL, 0.1, 5)],
)
def test_what_is_too_small_or_too_faint_for_the_sensitivity_is_none(
    sensitivity: Sensitivity, side: float, contrast: int
) -> None:
    scene = a_scene()
    motion = settled(scene, sensitivity).show(with_object(scene, Box(0.4, 0.4, 0.4 + side, 0.4 + side), contrast))
    assert motion == STILL


def test_a_slow_walker_is_seen_all_the_way() -> None:
    scene = a_scene()
    camera = settled(scene)
    motions = camera.show_all(
        50, lambda index: with_object(scene, Box(0.1 + index * 0.005, 0.3, 0.13 + index * 0.005, 0.5), 40)
    )
    assert moving(motions) == 50


@pytest.mark.parametrize("sensitivity", LEVELS)
def test_what_has_come_to_stay_moves_no_more_after_three_seconds(sensitivity: Sensitivity) -> None:
    scene = a_scene()
    camera = settled(scene, sensitivity)
    parked = with_object(scene, Box(0.3, 0.3, 0.6, 0.6), 100)
    motions = camera.show_all(25, lambda index: parked)
    assert motions[0].is_there
    assert moving(motions[17:]) == 0


def test_a_waving_tree_in_an_ignored_area_is_no_motion_and_all_else_is() -> None:
    scene = a_scene()

    def waving(index: int) -> Luma:
        picture = scene.copy()
        picture[:200, :250] = np.roll(a_scene(seed=2)[:200, :250], index % 3 * 4, axis=1)
        return picture

    tree = square(0, 0, 0.4, 0.57)
    camera = Camera(a_gate(Sensitivity.HIGH, tree))
    camera.show(waving(0))
    assert moving(camera.show_all(20, waving)) == 0
    assert camera.show(with_object(waving(1), Box(0.6, 0.6, 0.7, 0.8), 40)).is_there
    assert moving(Camera(a_gate(Sensitivity.HIGH)).show_all(20, waving)) > 10


def test_a_share_is_one_of_what_is_not_ignored() -> None:
    scene = a_scene()
    half = square(0, 0, 0.5, 1)
    motion = settled(scene, Sensitivity.NORMAL, half).show(with_object(scene, Box(0.5, 0, 1, 0.1), 60))
    assert motion.share == pytest.approx(0.1, abs=0.02)


def test_where_everything_is_ignored_nothing_moves() -> None:
    camera = settled(a_scene(), Sensitivity.HIGH, square(0, 0, 1, 1))
    assert camera.show(a_scene(seed=2)) == STILL


def test_times_that_jump_back_do_no_harm() -> None:
    scene = a_scene()
    gate = a_gate()
    for second in (100, 100.2, 40, 40.2, 3):
        motion = gate.see(scene, after(second))
    assert motion == STILL
    assert gate.see(with_object(scene, Box(0.4, 0.4, 0.5, 0.5), 60), after(2)).is_there
    for index in range(25):
        motion = gate.see(with_object(scene, Box(0.4, 0.4, 0.5, 0.5), 60), after(3 + index / FPS))
    assert motion == STILL


def test_what_is_forgotten_is_looked_at_anew() -> None:
    gate = a_gate()
    gate.see(a_scene(), after(0))
    gate.forget()
    assert gate.see(a_scene(), after(0.2)).share == 1.0


@pytest.mark.parametrize(
    ("width", "height"),
    [(16, 16), (17, 23), (160, 90), (641, 361), (360, 640), (1920, 1080), (2592, 1944), (7680, 4320)],
)
def test_pictures_of_any_size_are_looked_at(width: int, height: int) -> None:
    scene = a_scene(width, height)
    camera = settled(scene)
    assert camera.show(noisy(scene, 1, 1) if width < 3000 else scene) == STILL
    motion = camera.show(with_object(scene, Box(0.25, 0.25, 0.5, 0.75), 60))
    assert motion.box is not None
    assert motion.box.left == pytest.approx(0.25, abs=max(0.02, 1.5 / width))
    assert motion.box.bottom == pytest.approx(0.75, abs=max(0.02, 1.5 / height))


def test_a_picture_of_another_size_shows_the_same_scene() -> None:
    large = a_scene(1280, 720)
    camera = settled(large)
    assert camera.show(np.asarray(cv2.resize(large, (640, 360), interpolation=cv2.INTER_AREA), np.uint8)) == STILL


def test_planes_of_a_decoder_are_looked_at_where_they_lie() -> None:
    padded = np.zeros((360, 704), np.uint8)
    padded[:, :640] = a_scene()
    view = padded[:, :640]
    view.flags.writeable = False
    assert settled(view).show(view) == STILL


@settings(max_examples=40, deadline=None)
@given(
    st.integers(16, 200), st.integers(16, 200), st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 9)), max_size=12)
)
def test_whatever_comes_the_answer_is_a_share_and_the_box_around_it(
    width: int, height: int, pictures: list[tuple[float, int]]
) -> None:
    gate, second = a_gate(Sensitivity.HIGH), 0.0
    for step, seed in pictures:
        second += step
        motion = gate.see(np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8), after(second))
        assert 0 <= motion.share <= 1
        assert motion.is_there is (motion.share > 0)
        if motion.box is not None:
            assert 0 <= motion.box.left < motion.box.right <= 1
            assert 0 <= motion.box.top < motion.box.bottom <= 1


CLOCK = (0.08, 0.10, 0.32, 0.17)
"""Where highway-east.avi has one burnt in."""


def test_a_burnt_in_clock_moves_until_it_is_ignored() -> None:
    pictures = luma_of(decoded(shared("highway-east.avi").read_bytes())[:300:5])
    left, top, right, bottom = CLOCK
    traffic = (
        square(0, 0, 1, top),
        square(0, bottom, 1, 1),
        square(0, top, left, bottom),
        square(right, top, 1, bottom),
    )
    clock = square(left, top, right, bottom)
    ticking = Camera(a_gate(Sensitivity.HIGH, *traffic)).show_all(len(pictures), lambda index: pictures[index])
    assert moving(ticking[1:]) >= 5
    for motion in ticking[1:]:
        if motion.box is not None:
            assert left - 0.01 <= motion.box.left < motion.box.right <= right + 0.01
            assert top - 0.02 <= motion.box.top < motion.box.bottom <= bottom + 0.02
    quiet = Camera(a_gate(Sensitivity.HIGH, *traffic, clock)).show_all(len(pictures), lambda index: pictures[index])
    assert moving(quiet[1:]) == 0


def test_a_look_at_a_still_picture_costs_little() -> None:
    scene, threads = a_scene(), cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        gate, best = a_gate(), float("inf")
        for index in range(300):
            began = time.perf_counter()
            gate.see(scene, after(index / FPS))
            best = min(best, time.perf_counter() - began)
    finally:
        cv2.setNumThreads(threads)
    assert timedelta(seconds=best) < timedelta(microseconds=200)
