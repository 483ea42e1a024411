"""The loop that a user would write: OpenCV reads, a square goes to ONNX Runtime, numpy suppresses doubles."""

import time
from threading import Event as Flag
from threading import Thread
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from .task import Task

SIDE = 416
MIN_SCORE = 0.4
MAX_OVERLAP = 0.6
_MEAN = np.array([103.53, 116.28, 123.675], np.float32)
_STD = np.array([57.375, 57.12, 58.395], np.float32)
_STRIDES = (8, 16, 32)
_BINS = 11

Floats = npt.NDArray[np.float32]
Found = tuple[int, float, tuple[float, float, float, float]]
"""Label, score, and left, top, right, bottom in shares of the picture."""


class PlainDetector:
    """NanoDet on a square, with one thread of ONNX Runtime. `min_score`: the least that it tells of."""

    def __init__(self, model: str, min_score: float = MIN_SCORE) -> None:
        self._min_score = min_score
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._cells = _cells()

    def detect(self, picture: npt.NDArray[np.uint8]) -> list[Found]:
        """What is to be seen in `picture` (blue, green, red)."""
        height, width = picture.shape[:2]
        scale = SIDE / max(height, width)
        wide, high = round(width * scale), round(height * scale)
        left, top = (SIDE - wide) // 2, (SIDE - high) // 2
        square = np.zeros((SIDE, SIDE, 3), np.uint8)
        square[top : top + high, left : left + wide] = cv2.resize(picture, (wide, high))
        tensor = ((square.astype(np.float32) - _MEAN) / _STD).transpose(2, 0, 1)[None]
        scores, distances = self._session.run(None, {"images": np.ascontiguousarray(tensor)})
        best = scores[0].max(axis=1)
        chosen = np.flatnonzero(best >= self._min_score)
        boxes = self._boxes(distances[0][chosen], chosen)
        labels = scores[0][chosen].argmax(axis=1)
        corner, size = np.array([left, top] * 2), np.array([wide, high] * 2)
        shares = np.clip((boxes - corner) / size, 0, 1)
        return [
            (int(labels[i]), float(best[chosen][i]), (shares[i][0], shares[i][1], shares[i][2], shares[i][3]))
            for i in _suppressed(boxes, best[chosen], labels)
        ]

    def _boxes(self, distances: Floats, chosen: npt.NDArray[np.intp]) -> Floats:
        bins = distances.reshape(-1, 4, _BINS)
        weights = np.exp(bins - bins.max(axis=2, keepdims=True))
        sides = (weights * np.arange(_BINS)).sum(axis=2) / weights.sum(axis=2)
        x, y, stride = self._cells[chosen].T
        sides = sides * stride[:, None]
        boxes: Floats = np.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], axis=1)
        return boxes


class Plain:
    """A thread a camera, which reads every picture and looks at every fifth."""

    def __init__(self) -> None:
        self._stop = Flag()
        self._threads: list[Thread] = []
        cv2.setNumThreads(1)

    def start(self, task: Task) -> None:
        self._stop = Flag()
        self._threads = [
            Thread(target=self._watch, args=(clip, number, task), daemon=True) for number, clip in enumerate(task.clips)
        ]
        for thread in self._threads:
            thread.start()

    def counted(self) -> dict[str, Any]:
        return {}

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _watch(self, clip: str, number: int, task: Task) -> None:
        detector = PlainDetector(task.model)
        every = max(1, round(task.fps / task.detect_fps))
        began, shown = time.monotonic() + number * 0.01, 0
        while not self._stop.is_set():
            capture = cv2.VideoCapture(clip)
            while not self._stop.is_set():
                is_there, picture = capture.read()
                if not is_there:
                    break
                if shown % every == 0:
                    detector.detect(np.asarray(picture, np.uint8))
                shown += 1
                wait_s = began + shown / task.fps - time.monotonic()
                if wait_s > 0:
                    time.sleep(wait_s)
            capture.release()


def _cells() -> Floats:
    rows = []
    for stride in _STRIDES:
        count = SIDE // stride
        y, x = np.mgrid[:count, :count]
        cells = np.stack([(x + 0.5) * stride, (y + 0.5) * stride, np.full_like(x, stride, float)], axis=-1)
        rows.append(cells.reshape(-1, 3))
    return np.concatenate(rows).astype(np.float32)


def _suppressed(boxes: Floats, scores: Floats, labels: npt.NDArray[np.intp]) -> list[int]:
    """Greedy non-maximum suppression by label: which boxes stay, best first."""
    kept: list[int] = []
    order = list(np.argsort(-scores, kind="stable"))
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while order:
        best, *rest = order
        kept.append(int(best))
        others = np.array(rest, np.intp)
        if not len(others):
            break
        across = np.minimum(boxes[best, 2], boxes[others, 2]) - np.maximum(boxes[best, 0], boxes[others, 0])
        down = np.minimum(boxes[best, 3], boxes[others, 3]) - np.maximum(boxes[best, 1], boxes[others, 1])
        shared = np.maximum(across, 0) * np.maximum(down, 0)
        overlap = shared / (area[best] + area[others] - shared)
        order = list(others[(overlap <= MAX_OVERLAP) | (labels[others] != labels[best])])
    return kept
