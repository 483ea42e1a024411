"""Whether anything moves in a picture: asked before any detector looks.

The picture's luma, shrunk to 160x90, is compared with a running average of itself. What differs by more than the
sensitivity allows, in patches of some size, is motion. Two things differ everywhere and are none: the light (a linear
change of all brightness, found by least squares) and a camera that shakes (a shift of the whole, found by phase
correlation; Kuglin and Hines 1975). Both are looked for only where much has changed at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, assert_never

import cv2
import numpy as np
import numpy.typing as npt

from core.attention import Attention, Sensitivity
from core.box import Box
from core.frame import Plane
from core.motion import STILL, Motion

WIDTH: Final = 160
HEIGHT: Final = 90

_FORGETS_S: Final = 1.0
"""Time constant of the running average. It is short: what has come to stay, or has gone, moves no more after two or
three of them. (What is slower than that is seen by the looks that come without motion.)"""
_LARGEST_WEIGHT: Final = 0.5
"""However long ago the last picture was, it does not count for more."""
_MUCH: Final = 0.01
"""Where more of the picture than this has changed, it may be the light or a shake."""
_UNEXPLAINED_FOR: Final = timedelta(seconds=1)
"""Where neither explained a change, both are left alone for so long: on a busy street they cost more than the rest."""
_EXPLAINED: Final = 0.25
"""Light or a shake explain a change of which they leave no more than this share."""
_FARTHEST_SHAKE_PX: Final = 6.0
_LINES_ENOUGH: Final = 360

Small = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Limits:
    difference: int
    """Levels of brightness (0 to 255) that count as a change."""
    patch: int
    """Pixels (of 160x90) that the smallest patch of motion has."""


def _limits(sensitivity: Sensitivity) -> _Limits:
    match sensitivity:
        case Sensitivity.HIGH:
            return _Limits(difference=7, patch=2)
        case Sensitivity.NORMAL:
            return _Limits(difference=10, patch=4)
        case Sensitivity.LOW:
            return _Limits(difference=18, patch=16)
        case Sensitivity.OFF:
            raise ValueError("where the gate is off there is nothing to limit")
        case _:
            assert_never(sensitivity)


class MotionGate:
    """Looks at one camera's pictures in the order they were taken. For one thread.

    Raises `ValueError` for a camera whose gate is off.
    """

    def __init__(self, attention: Attention) -> None:
        self._limits = _limits(attention.sensitivity)
        self._looked_at = _without(attention)
        self._share_of_pixel = 1.0 / max(1, WIDTH * HEIGHT if self._looked_at is None else int(self._looked_at.sum()))
        self._background: Floats | None = None
        self._shown = np.empty((HEIGHT, WIDTH), np.uint8)
        self._last_at: datetime | None = None
        self._unexplained_at: datetime | None = None

    def see(self, luma: Plane, at: datetime) -> Motion:
        """What moves in the picture of the moment `at`. In the first one everything does: nobody has looked yet."""
        small = _shrunk(luma)
        if self._background is None:
            self._begin(small, at)
            return _EVERYTHING
        changed = self._changed(small, self._shown)
        count = cv2.countNonZero(changed)
        if count == 0:
            self._learn(small, at)
            return STILL
        if count * self._share_of_pixel > _MUCH and self._may_explain(at):
            explained = self._explained(small, count)
            if explained is not None:
                self._begin(small, at)
                return self._patches(explained)
            self._unexplained_at = at
        motion = self._patches(changed)
        self._learn(small, at)
        return motion

    def forget(self) -> None:
        """What comes next may show another place."""
        self._background = None

    def _begin(self, small: Small, at: datetime) -> None:
        self._background = small.astype(np.float32)
        self._shown = small.copy()
        self._last_at = at

    def _learn(self, small: Small, at: datetime) -> None:
        assert self._background is not None  # noqa: S101 - `see` has begun
        assert self._last_at is not None  # noqa: S101 - likewise
        passed_s = (at - self._last_at).total_seconds()
        self._last_at = at
        weight = min(max(passed_s, 0.0) / _FORGETS_S, _LARGEST_WEIGHT)
        cv2.accumulateWeighted(small, self._background, weight)
        cv2.convertScaleAbs(self._background, dst=self._shown)

    def _changed(self, small: Small, background: Small) -> Small:
        """Where the picture differs from `background` by more than is allowed: 255, else 0."""
        difference = cv2.absdiff(small, background)
        _, changed = cv2.threshold(difference, self._limits.difference, 255, cv2.THRESH_BINARY)
        if self._looked_at is not None:
            changed = cv2.bitwise_and(changed, changed, mask=self._looked_at)
        return np.asarray(changed, np.uint8)

    def _may_explain(self, at: datetime) -> bool:
        since = self._unexplained_at
        return since is None or not timedelta(0) <= at - since < _UNEXPLAINED_FOR

    def _explained(self, small: Small, count: int) -> Small | None:
        """What is left of the change where light or a shake explains most of it; None where neither does."""
        for likely in (_in_other_light(self._shown, small), _shifted(self._shown, small)):
            if likely is not None:
                left = self._changed(small, likely)
                if cv2.countNonZero(left) <= _EXPLAINED * count:
                    return left
        return None

    def _patches(self, changed: Small) -> Motion:
        """Motion in patches that are large enough."""
        _, _, patches, _ = cv2.connectedComponentsWithStats(changed, connectivity=8, ltype=cv2.CV_16U)
        large = patches[1:][patches[1:, cv2.CC_STAT_AREA] >= self._limits.patch]
        if not len(large):
            return STILL
        left, top = int(large[:, cv2.CC_STAT_LEFT].min()), int(large[:, cv2.CC_STAT_TOP].min())
        right = int((large[:, cv2.CC_STAT_LEFT] + large[:, cv2.CC_STAT_WIDTH]).max())
        bottom = int((large[:, cv2.CC_STAT_TOP] + large[:, cv2.CC_STAT_HEIGHT]).max())
        share = min(1.0, int(large[:, cv2.CC_STAT_AREA].sum()) * self._share_of_pixel)
        return Motion(share, Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT))


_EVERYTHING: Final = Motion(1.0, Box(0, 0, 1, 1))


def _shrunk(luma: Plane) -> Small:
    # Every line of a large picture would cost more than all the rest; every third shows the same motion.
    lines = max(1, luma.shape[0] // _LINES_ENOUGH)
    # In two steps: averaging over areas that are no whole pixels is slow.
    double = cv2.resize(luma[::lines], (2 * WIDTH, 2 * HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(double, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def _without(attention: Attention) -> Small | None:
    """255 where motion counts; None where it counts everywhere."""
    if not attention.ignored:
        return None
    mask = np.ones((HEIGHT, WIDTH), np.uint8)
    for polygon in attention.ignored:
        corners = np.array([[point.x * WIDTH - 0.5, point.y * HEIGHT - 0.5] for point in polygon.points])
        cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], (0,))
    return mask


def _in_other_light(background: Small, small: Small) -> Small | None:
    """`background` as it would look in the light of `small`: gain and offset by least squares, without outliers."""
    x, y = background.reshape(-1).astype(np.float32), small.reshape(-1).astype(np.float32)
    chosen = np.ones(len(x), bool)
    gain = offset = 0.0
    for _ in range(3):
        mean_x, mean_y = float(x[chosen].mean()), float(y[chosen].mean())
        spread = x[chosen] - mean_x
        gain = float(spread @ (y[chosen] - mean_y)) / max(float(spread @ spread), 1.0)
        offset = mean_y - gain * mean_x
        off = np.abs(y - gain * x - offset)
        chosen = off <= max(2.0 * float(np.median(off)), 3.0)
    if gain <= 0:
        return None
    return np.asarray(cv2.convertScaleAbs(background, alpha=gain, beta=offset), np.uint8)


def _shifted(background: Small, small: Small) -> Small | None:
    """`background` as a camera that was moved a little would show it; None where it was moved by more."""
    (across, down), _ = cv2.phaseCorrelate(background.astype(np.float32), small.astype(np.float32), _window())
    if max(abs(across), abs(down)) > _FARTHEST_SHAKE_PX:
        return None
    shift = np.array([[1, 0, across], [0, 1, down]], np.float32)
    # What the shake brought into sight is taken as it is: nobody knows what was there before.
    moved = small.copy()
    cv2.warpAffine(background, shift, (WIDTH, HEIGHT), moved, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    return moved


@cache
def _window() -> Floats:
    return np.asarray(cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F), np.float32)
