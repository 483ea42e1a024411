"""Objects in pictures."""

from collections.abc import Sequence

from core.detection import Detection
from core.errors import BadInput
from core.frame import Frame, Picture
from models.size import Size
from models.task import Task

from .fit import ModelSession
from .network import Network


class OnnxDetector:
    """Finds objects in pictures. One for each inference thread; they may share a session.

    `min_score` and `size` override the card, and `batched` whether several pictures go through the network in one run:
    by default where that pays. Raises `BadInput` for a model of another task (a face never becomes a detection, so it
    never becomes a track or an event), or a size or batches that the model does not take.
    """

    def __init__(
        self,
        model: ModelSession,
        *,
        min_score: float | None = None,
        size: Size | None = None,
        batched: bool | None = None,
    ) -> None:
        card = model.card
        if card.task is not Task.OBJECTS:
            raise BadInput(f"model {card.name!r} finds {card.task}, expected one that finds objects", field="model")
        if size is not None:
            card.input.size.check(size)
        self._batched = model.batches if batched is None else batched
        if self._batched and not model.takes_batches:
            raise BadInput(f"model {card.name!r} looks at one picture a run; it takes no batches", field="batched")
        self._labels = card.labels
        self._size = size
        self._network = Network(model, min_score)

    def detect(self, pictures: Sequence[Picture | Frame]) -> list[list[Detection]]:
        """Detections of each picture, best first, in the order of `pictures`.

        A picture is a colour array or a decoder's frame; any size will do. Raises `BadInput` for other arrays.
        """
        if self._batched and len(pictures) > 1:
            looks = self._network.look_at_all(pictures, self._size)
        else:
            # A batch costs a CPU the same for each picture, and lets the first one wait for the last.
            looks = [self._network.look(picture, self._size) for picture in pictures]
        return [[Detection(self._labels[found.label], found.score, found.box) for found in look] for look in looks]
