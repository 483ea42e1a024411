"""Detection written straight from the facts of the models, plainly and slowly, without a line of `inference`.

What it shares with the code that it checks is the resizing of OpenCV and the network itself.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Found:
    """One object; the box is left, top, right, bottom in pixels of the picture."""

    label: int
    score: float
    box: tuple[float, float, float, float]


class StraightDetector:
    """What both models have in common: letterbox, clipping, suppression."""

    max_overlap: float
    pad: float

    def __init__(self, path: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        # Else sums of int8 products overflow on an x86 processor without VNNI, and this one would be the wrong one.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self._session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def detect(self, picture: Picture, min_score: float) -> list[Found]:
        height, width = picture.shape[:2]
        wide, high = self.input_size(width, height)
        scale = min(wide / width, high / height)
        inner_wide, inner_high = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = self.corner(wide - inner_wide, high - inner_high)
        box = np.full((high, wide, 3), self.pad, np.float32)
        box[top : top + inner_high, left : left + inner_wide] = cv2.resize(picture, (inner_wide, inner_high))
        tensor = self.normalise(box).astype(np.float32).transpose(2, 0, 1)[None]
        outputs = self._session.run(None, {"images": np.ascontiguousarray(tensor)})
        found = []
        for one in self.suppress(self.decode(outputs, wide, high, min_score)):
            x1, y1, x2, y2 = one.box
            x1, x2 = ((x - left) * width / inner_wide for x in (x1, x2))
            y1, y2 = ((y - top) * height / inner_high for y in (y1, y2))
            x1, x2 = (min(max(x, 0.0), float(width)) for x in (x1, x2))
            y1, y2 = (min(max(y, 0.0), float(height)) for y in (y1, y2))
            if x1 < x2 and y1 < y2:
                found.append(Found(one.label, one.score, (x1, y1, x2, y2)))
        return found

    def input_size(self, width: int, height: int) -> tuple[int, int]:
        raise NotImplementedError

    def corner(self, spare_wide: int, spare_high: int) -> tuple[int, int]:
        raise NotImplementedError

    def normalise(self, picture: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        raise NotImplementedError

    def decode(self, outputs: list[Any], wide: int, high: int, min_score: float) -> list[Found]:
        raise NotImplementedError

    def suppress(self, candidates: list[Found]) -> list[Found]:
        kept: list[Found] = []
        for one in sorted(candidates, key=lambda one: -one.score):
            if all(one.label != other.label or overlap(one.box, other.box) <= self.max_overlap for other in kept):
                kept.append(one)
        return kept


class StraightNanoDet(StraightDetector):
    max_overlap = 0.6
    pad = 0

    def input_size(self, width: int, height: int) -> tuple[int, int]:
        longest = max(width, height)
        return 32 * math.ceil(416 * width / longest / 32), 32 * math.ceil(416 * height / longest / 32)

    def corner(self, spare_wide: int, spare_high: int) -> tuple[int, int]:
        return spare_wide // 2, spare_high // 2

    def normalise(self, picture: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        return np.asarray((picture - np.array([103.53, 116.28, 123.675])) / np.array([57.375, 57.12, 58.395]))

    def decode(self, outputs: list[Any], wide: int, high: int, min_score: float) -> list[Found]:
        scores, distances = outputs[0][0].tolist(), outputs[1]
        found, cell = [], 0
        for stride in (8, 16, 32):
            for row in range(high // stride):
                for column in range(wide // stride):
                    score = max(scores[cell])
                    if score >= min_score:
                        label = scores[cell].index(score)
                        sides = [self.distance(distances[0, cell, 11 * side : 11 * side + 11]) for side in range(4)]
                        x, y = (column + 0.5) * stride, (row + 0.5) * stride
                        l, t, r, b = (side * stride for side in sides)  # noqa: E741 - left, top, right, bottom
                        found.append(Found(label, score, (x - l, y - t, x + r, y + b)))
                    cell += 1
        return found

    def distance(self, bins: npt.NDArray[np.float32]) -> float:
        weights = [math.exp(float(value)) for value in bins]
        return sum(number * weight for number, weight in enumerate(weights)) / sum(weights)


class StraightYolox(StraightDetector):
    max_overlap = 0.65
    pad = 114

    def input_size(self, width: int, height: int) -> tuple[int, int]:
        return 416, 416

    def corner(self, spare_wide: int, spare_high: int) -> tuple[int, int]:
        return 0, 0

    def normalise(self, picture: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
        return picture

    def decode(self, outputs: list[Any], wide: int, high: int, min_score: float) -> list[Found]:
        rows = outputs[0][0].tolist()
        found, cell = [], 0
        for stride in (8, 16, 32):
            for row in range(high // stride):
                for column in range(wide // stride):
                    cx, cy, w, h, objectness, *scores = rows[cell]
                    label = max(range(80), key=scores.__getitem__)
                    if objectness * scores[label] >= min_score:
                        x, y = (cx + column) * stride, (cy + row) * stride
                        w, h = math.exp(w) * stride, math.exp(h) * stride
                        box = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
                        found.append(Found(label, objectness * scores[label], box))
                    cell += 1
        return found


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Intersection over union."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / (sum(areas) - wide * high)
