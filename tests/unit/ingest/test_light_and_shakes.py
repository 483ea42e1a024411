"""Light that changes and a camera that shakes are no motion; what moves meanwhile is."""

import cv2
import numpy as np
import pytest

from core.box import Box
from tests.support.builders import after
from tests.support.footage import bikes, decoded
from tests.support.scenes import FPS, Luma, a_gate, a_scene, luma_of, moving, noisy, settled, with_object


@pytest.mark.parametrize(
    ("gain", "offset"), [(1.0, 25), (1.0, -25), (1.3, 0), (0.7, 0), (1.2, -35), (0.5, 10), (0.25, 5), (1.8, 5)]
)
def test_light_that_changes_is_no_motion(gain: float, offset: float) -> None:
    scene = a_scene(low=40, high=130)
    other = np.asarray(cv2.convertScaleAbs(scene, alpha=gain, beta=offset), np.uint8)
    camera = settled(scene)
    motions = camera.show_all(10, lambda index: noisy(other, 2, index))
    assert moving(motions) == 0
    assert moving(camera.show_all(10, lambda index: noisy(scene, 2, index))) == 0


def test_an_exposure_that_is_adjusted_step_by_step_shows_as_specks_at_most() -> None:
    scene = a_scene(low=30, high=120)
    camera = settled(scene)

    def exposed(index: int) -> Luma:
        return noisy(np.asarray(cv2.convertScaleAbs(scene, alpha=1 + 0.05 * index, beta=0), np.uint8), 2, index)

    motions = camera.show_all(15, exposed)
    assert all(motion.share < 0.01 for motion in motions)
    assert moving(motions) <= 5


def test_an_object_that_comes_while_the_light_changes_is_seen_where_it_is() -> None:
    scene = a_scene(low=40, high=130)
    lit = np.asarray(cv2.convertScaleAbs(scene, alpha=1.3, beta=10), np.uint8)
    motion = settled(scene).show(with_object(lit, Box(0.4, 0.4, 0.5, 0.7), 50))
    assert motion.box is not None
    assert motion.box.left == pytest.approx(0.4, abs=0.02)
    assert motion.box.bottom == pytest.approx(0.7, abs=0.02)


def shaken(scene: Luma, across: float, down: float) -> Luma:
    """`scene` by a camera that has moved by so many of 160x90 pixels."""
    height, width = scene.shape
    shift = np.array([[1, 0, across * width / 160], [0, 1, down * height / 90]], np.float32)
    return np.asarray(cv2.warpAffine(scene, shift, (width, height), borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def street(index: int = 100) -> Luma:
    return luma_of(decoded(bikes().read_bytes())[index : index + 1])[0]


SHAKES = [(1, 0), (0, 1), (2.5, -1), (-3, 2), (4, 3), (-5, 0.5), (5, 5)]


@pytest.mark.parametrize(("across", "down"), SHAKES)
def test_a_shake_is_no_motion(across: float, down: float) -> None:
    scene = street()
    camera = settled(scene)
    motion = camera.show(shaken(scene, across, down))
    assert motion.share < 0.02
    assert camera.show(scene).share < 0.02


def test_a_camera_that_shakes_all_the_time_sees_no_motion_of_the_whole() -> None:
    chance = np.random.default_rng(3)
    scene = street()
    camera = settled(scene)
    motions = camera.show_all(30, lambda index: shaken(scene, *chance.uniform(-2.5, 2.5, 2)))
    assert all(motion.share < 0.03 for motion in motions)


def test_an_object_that_comes_while_the_camera_shakes_is_seen() -> None:
    scene = street()
    motion = settled(scene).show(shaken(with_object(scene, Box(0.4, 0.3, 0.55, 0.8), 80), 3, 2))
    assert motion.box is not None
    assert motion.box.left == pytest.approx(0.42, abs=0.05)
    assert motion.box.right == pytest.approx(0.57, abs=0.05)


def test_a_change_that_nothing_explains_is_motion() -> None:
    camera = settled(a_scene(seed=1))
    assert camera.show(a_scene(seed=2)).share > 0.5


def test_what_nothing_explained_is_tried_again_after_a_second_or_a_jump_back() -> None:
    scene = a_scene(low=40, high=130)
    lit = np.asarray(cv2.convertScaleAbs(scene, alpha=1.3, beta=25), np.uint8)
    for pause_s in (1.1, -50):
        gate = a_gate()
        for index in range(5):
            gate.see(scene, after(100 + index / FPS))
        assert gate.see(a_scene(seed=2), after(101)).share > 0.5
        for index in range(40):
            gate.see(scene, after(101.2 + pause_s + index / FPS))
        assert not gate.see(lit, after(101.2 + pause_s + 8)).is_there
