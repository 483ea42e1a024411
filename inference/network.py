"""One look of a network at one picture, from its pixels to boxes in shares."""

from dataclasses import dataclass

import cv2

from core.box import Box
from core.errors import BadInput
from core.frame import Frame, Picture
from models.size import Size

from .decoding import decoder_for
from .fit import ModelSession
from .nms import best_of
from .preprocess import InputMaker


@dataclass(frozen=True, slots=True)
class Finding:
    """One box that a network saw. `label` is its place in the card's list."""

    label: int
    score: float
    box: Box


class Network:
    """A session with what belongs before and behind it. One for each thread; they may share the session."""

    def __init__(self, model: ModelSession, min_score: float | None) -> None:
        if min_score is not None and not 0 <= min_score <= 1:
            raise BadInput(f"min_score is {min_score}; expected 0 to 1", field="min_score")
        self._model = model
        self._min_score = model.card.min_score if min_score is None else min_score
        self._maker = InputMaker(model.card.input)
        self._decoder = decoder_for(model.card)
        # For the whole process: each thread here has a core of its own, which OpenCV's pool would take away again.
        cv2.setNumThreads(1)

    def look(self, picture: Picture | Frame, size: Size | None = None) -> list[Finding]:
        """What is to be seen in `picture`, best first. `size` is that of the network's input."""
        tensor, placement = self._maker.make(picture, size)
        candidates = self._decoder.decode(self._model.run(tensor), placement.size, self._min_score)
        kept = best_of(candidates, self._model.card.max_overlap)
        boxes = placement.shares(candidates.boxes[kept]).tolist()
        found = zip(candidates.labels[kept].tolist(), candidates.scores[kept].tolist(), boxes, strict=True)
        return [
            Finding(label, min(score, 1.0), Box(left, top, right, bottom))
            for label, score, (left, top, right, bottom) in found
            if left < right and top < bottom  # else it lies outside the picture
        ]
