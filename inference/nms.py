"""Of boxes that show the same object, the best one stays (greedy non-maximum suppression)."""

import cv2
import numpy as np

from .decoding import Candidates
from .decoding.candidates import Numbers


def best_of(candidates: Candidates, max_overlap: float) -> Numbers:
    """Which candidates stay, best first: none overlaps a better one of its own label by more than `max_overlap`.

    Of equal scores the earlier candidate counts as the better one, so the same picture always gives the same boxes.
    """
    if not len(candidates.scores):
        return np.empty(0, np.intp)
    rectangles = candidates.boxes.copy()
    rectangles[:, 2:] -= rectangles[:, :2]
    # OpenCV sets labels apart by moving each one's boxes behind the last corner of the one before: none may begin
    # below zero then.
    rectangles[:, :2] -= rectangles[:, :2].min(axis=0)
    lists = rectangles.tolist(), candidates.scores.tolist(), candidates.labels.tolist()
    return np.asarray(cv2.dnn.NMSBoxesBatched(*lists, score_threshold=0.0, nms_threshold=max_overlap), np.intp)
