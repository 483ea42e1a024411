"""A network's look at pictures, from their pixels to boxes in shares."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.box import Box
from core.errors import BadInput
from core.frame import Frame, Picture
from models.size import Size

from .decoding import Output, decoder_for
from .decoding.candidates import Floats
from .fit import ModelSession
from .nms import best_of
from .preprocess import InputMaker, Placement


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
        return self._read(self._model.run(tensor), placement)

    def look_at_all(self, pictures: Sequence[Picture | Frame], size: Size | None = None) -> list[list[Finding]]:
        """As `look` at each picture, in their order, with one run of the network for all that have inputs of a size."""
        found: list[list[Finding]] = [[] for _ in pictures]
        by_size: dict[Size, list[tuple[int, Floats, Placement]]] = {}
        for number, picture in enumerate(pictures):
            tensor, placement = self._maker.make(picture, size)
            # Copied, since the maker uses its tensor again for the next picture.
            by_size.setdefault(placement.size, []).append((number, tensor.copy(), placement))
        for group in by_size.values():
            outputs = self._model.run(np.concatenate([tensor for _, tensor, _ in group]))
            for row, (number, _, placement) in enumerate(group):
                found[number] = self._read([output[row : row + 1] for output in outputs], placement)
        return found

    def _read(self, outputs: Sequence[Output], placement: Placement) -> list[Finding]:
        """What the outputs for one picture say of it."""
        candidates = self._decoder.decode(outputs, placement.size, self._min_score)
        kept = best_of(candidates, self._model.card.max_overlap)
        boxes = placement.shares(candidates.boxes[kept]).tolist()
        found = zip(candidates.labels[kept].tolist(), candidates.scores[kept].tolist(), boxes, strict=True)
        return [
            Finding(label, min(score, 1.0), Box(left, top, right, bottom))
            for label, score, (left, top, right, bottom) in found
            if left < right and top < bottom  # else it lies outside the picture
        ]
