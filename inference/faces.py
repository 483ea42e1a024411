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
        """Faces in `picture`, in shares of it, surest first. Raises `BadInput` for an array that is no picture.

        They are looked for at the picture's own size, or at the card's where the picture is larger: who wants a closer
        look at a part hands that part over, enlarged.
        """
        return [found.box for found in self._network.look(picture, face_size(self._input, picture))]


def face_size(card: CardInput, picture: Picture) -> Size | None:
    """The size of the network's input for `picture`: about the picture's own, at most the card's. None: the card's."""
    if not isinstance(card.size, FreeSize) or picture.ndim != 3 or not picture.size:
        return None
    height, width = picture.shape[:2]
    rounded = -(-max(height, width) // card.size.multiple_of) * card.size.multiple_of
    own = card.size.model_copy(update={"long_side": min(card.size.long_side, rounded)})
    return own.size_for(width, height)
