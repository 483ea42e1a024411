"""Opening what the settings name: shared by the processes and by the commands that need a part of them."""

import logging
from collections.abc import Sequence
from functools import cache

from core.box import Box
from core.frame import Frame, Picture
from events.media.blobs import Blobs, FolderBlobs
from events.media.masking import FACE_SCORE, Masker
from inference.choice import missing_file, open_best
from inference.detector import OnnxDetector
from inference.faces import OnnxFaceFinder
from inference.fit import ModelSession
from inference.settings import Provider
from models.size import Size
from models.store import ModelStore

from .settings import Settings

_log = logging.getLogger(__name__)

PERSON = "person"
ORIGINALS = "original clips"
"""The purpose that the sealing key of original clips is derived for."""


def open_blobs(settings: Settings) -> Blobs:
    """The store of pictures and clips that the settings name.

    Raises `BadInput` for settings that lead to none, `Unavailable` where its folder cannot be made. An S3 store is not
    asked for anything yet.
    """
    if settings.blobs.s3_endpoint is None:
        return FolderBlobs(settings.blobs_folder)
    from events.media.s3_blobs import S3Blobs  # Its library is large, and most cities have a folder.

    return S3Blobs(settings.blobs, settings.data / "uploads")


def model_store(settings: Settings) -> ModelStore:
    return ModelStore(settings.models_folder, settings.models.mirror)


def open_objects_model(settings: Settings, name: str | None = None) -> ModelSession:
    """The session of the object detector called `name`, else of the one that the settings name.

    Logs where something else computes it than the settings say, or another file than the fastest.
    """
    opened = choose_objects_model(settings, name)
    if opened.refusal is not None:
        _warn_once(f"{opened.refusal.message}; the CPU computes {opened.card.name}. {opened.refusal.hint}")
    if (missing := missing_file(opened)) is not None:
        _warn_once(f"{missing}; sharp-eyes models pull {opened.card.name}")
    return opened


def choose_objects_model(settings: Settings, name: str | None = None, provider: Provider | None = None) -> ModelSession:
    """As `open_objects_model`, without a word in the log; on `provider`, else on the one that the settings name."""
    return open_best(model_store(settings), name or settings.detector.model, provider or settings.detector.provider)


@cache
def _warn_once(message: str) -> None:
    """Log `message`, unless this process has done so."""
    _log.warning(message)


def make_detector(
    model: ModelSession, settings: Settings, *, min_score: float | None = None, size: Size | None = None
) -> OnnxDetector:
    """A detector for one thread; `min_score` as given, else by the settings, else by the card."""
    return OnnxDetector(model, min_score=settings.detector.min_score if min_score is None else min_score, size=size)


def make_loop_detector(model: ModelSession, settings: Settings) -> OnnxDetector:
    """A detector for the loop: it tells weak detections too, by which the tracker carries known objects on."""
    return make_detector(model, settings, min_score=settings.detector.min_score or settings.tracking.low_score)


class People:
    """`PeopleFinder` of events/media over our detector: one for each thread."""

    def __init__(self, model: ModelSession) -> None:
        self._model = model
        self._detectors: dict[float, OnnxDetector] = {}

    def find(self, picture: Picture, min_score: float) -> list[Box]:
        """The boxes of persons in `picture` that score at least `min_score`."""
        detector = self._detectors.get(min_score)
        if detector is None:
            detector = self._detectors[min_score] = OnnxDetector(self._model, min_score=min_score)
        pictures: Sequence[Picture | Frame] = [picture]
        return [found.box for found in detector.detect(pictures)[0] if found.label == PERSON]


def open_masker(settings: Settings, objects: ModelSession) -> Masker:
    """A masker for one thread, which looks for people with `objects`."""
    # Always on the CPU: faces are to be found alike on every machine, and in each process that masks one clip.
    faces = open_best(model_store(settings), settings.detector.face_model, Provider.CPU)
    return Masker(OnnxFaceFinder(faces, min_score=settings.detector.face_min_score or FACE_SCORE), People(objects))
