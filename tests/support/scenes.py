"""Scenes for the motion gate, drawn with numpy, and a camera that shows them to it."""

from collections.abc import Callable

import av
import cv2
import numpy as np
import numpy.typing as npt

from core.attention import Attention, Sensitivity
from core.box import Box, Point
from core.motion import STILL, Motion
from core.zone import Polygon
from ingest.motion import MotionGate

from .builders import after

Luma = npt.NDArray[np.uint8]
FPS = 5.0
LEVELS = (Sensitivity.LOW, Sensitivity.NORMAL, Sensitivity.HIGH)


def a_scene(width: int = 640, height: int = 360, *, seed: int = 1, low: int = 50, high: int = 180) -> Luma:
    """Something with edges and texture of all sizes, like a street."""
    chance = np.random.default_rng(seed)
    scene = np.zeros((height, width), np.float32)
    for cells in (3, 7, 16, 40, 90):
        coarse = chance.random((max(2, cells * height // width), cells), np.float32)
        scene += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    scene -= scene.min()
    return np.asarray(low + scene / scene.max() * (high - low), np.uint8)


def noisy(scene: Luma, sigma: float, seed: int) -> Luma:
    noise = np.random.default_rng(seed).normal(0, sigma, scene.shape)
    return np.asarray(np.clip(scene + noise, 0, 255), np.uint8)


def with_object(scene: Luma, box: Box, contrast: int) -> Luma:
    """`scene` with something before it that is so much brighter."""
    height, width = scene.shape
    picture = scene.copy()
    left, top, right, bottom = (round(side) for side in box.pixels(width, height))
    place = picture[top:bottom, left:right]
    place[:] = np.clip(place.astype(int) + contrast, 0, 255)
    return picture


def a_gate(sensitivity: Sensitivity = Sensitivity.NORMAL, *ignored: Polygon) -> MotionGate:
    return MotionGate(Attention(sensitivity=sensitivity, ignored=ignored))


class Camera:
    """A gate that is shown pictures, five a second."""

    def __init__(self, gate: MotionGate, second: float = 0.0) -> None:
        self._gate, self._second = gate, second

    def show(self, luma: Luma, times: int = 1) -> Motion:
        """Show it so many times: what the gate says of the last."""
        motion = STILL
        for _ in range(times):
            motion = self._gate.see(luma, after(self._second))
            self._second += 1 / FPS
        return motion

    def show_all(self, count: int, make: Callable[[int], Luma]) -> list[Motion]:
        return [self.show(make(index)) for index in range(count)]


def settled(scene: Luma, sensitivity: Sensitivity = Sensitivity.NORMAL, *ignored: Polygon) -> Camera:
    camera = Camera(a_gate(sensitivity, *ignored))
    camera.show(scene, times=5)
    return camera


def luma_of(pictures: list[av.VideoFrame]) -> list[Luma]:
    return [np.asarray(picture.to_ndarray(format="gray"), np.uint8) for picture in pictures]


def moving(motions: list[Motion]) -> int:
    return sum(motion.is_there for motion in motions)


def square(left: float, top: float, right: float, bottom: float) -> Polygon:
    return Polygon((Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)))
