"""Faces in pictures, to mask them and for nothing else."""

from core.box import Box
from core.errors import BadInput
from core.frame import Picture
from models.card import CardInput
from models.input_size import FreeSize
from models.size import Size
from models.task import Task

from .fit import ModelSession
from .network import Network

_MOST_ENLARGED = 2
"""A crop is not enlarged further than this: it would cost more and show nothing new."""


class OnnxFaceFinder:
    """Finds faces, in whole pictures and in crops of them. One for each thread; they may share a session.

    `min_score` overrides the card. Raises `BadInput` for a model of another task.
    """

    def __init__(self, model: ModelSession, *, min_score: float | None = None) -> None:
        if model.card.task is not Task.FACES:
            raise BadInput(
                f"model {model.card.name!r} finds {model.card.task}, expected one that finds faces", field="face_model"
            )
        self._input = model.card.input
        self._network = Network(model, min_score)

    def find(self, picture: Picture) -> list[Box]:
        """Where faces are, surest first. Raises `BadInput` for an array that is no picture."""
        return [found.box for found in self._network.look(picture, face_size(self._input, picture))]


def face_size(card: CardInput, picture: Picture) -> Size | None:
    """The size at which faces are looked for in `picture`: shaped like it, smaller for a small crop."""
    if not isinstance(card.size, FreeSize) or picture.ndim != 3 or not picture.size:
        return None
    height, width = picture.shape[:2]
    enlarged = _MOST_ENLARGED * max(height, width)
    rounded = -(-enlarged // card.size.multiple_of) * card.size.multiple_of
    smaller = card.size.model_copy(update={"long_side": min(card.size.long_side, rounded)})
    return smaller.size_for(width, height)
