"""Checks of the models and of what the processor makes of them."""

import os
from collections.abc import Iterator
from time import perf_counter

import numpy as np

from core.errors import SharpEyesError
from inference.fit import ModelSession, open_session
from inference.processor import int8_instruction
from models.entry import ModelState

from ..openings import choose_objects_model, make_detector, model_store
from ..settings import Settings
from .finding import Finding, Verdict
from .providers import check_file, check_provider

_ROUNDS = 5


def check_processor() -> Finding:
    """Whether int8 networks are fast here."""
    cores = len(os.sched_getaffinity(0))
    instruction = int8_instruction()
    if instruction is None:
        advice = "use models with a float file here: int8 ones are slow without VNNI or its like"
        return Finding("processor", Verdict.DOUBTFUL, f"{cores} cores, without instructions for int8 networks", advice)
    return Finding("processor", Verdict.GOOD, f"{cores} cores; int8 networks run on {instruction}")


def check_models(settings: Settings) -> Iterator[Finding]:
    """Whether the models are sound, what computes the detector, and how many cameras it can look at."""
    store = model_store(settings)
    needed = {settings.detector.model, settings.detector.face_model}
    verdicts = store.verify(open_session)
    sound = {verdict.name for verdict in verdicts if verdict.state is ModelState.SOUND}
    for verdict in verdicts:
        if verdict.state is ModelState.SOUND:
            yield Finding("model", Verdict.GOOD, f"{verdict.file} is sound")
        elif verdict.state is ModelState.ABSENT and verdict.name not in needed - sound:
            yield Finding("model", Verdict.GOOD, f"{verdict.file} is known and was not fetched; nothing needs it")
        else:
            yield Finding(
                "model", Verdict.BAD, f"{verdict.file}: {verdict.detail}", f"sharp-eyes models pull {verdict.name}"
            )
    for name in sorted(needed - {verdict.name for verdict in verdicts}):
        yield Finding("model", Verdict.BAD, f"the settings name {name}, which is not known", "sharp-eyes models list")
    try:
        opened = choose_objects_model(settings)
        yield check_provider(settings.detector.provider, opened)
        yield check_file(opened)
        yield _speed(opened, settings)
    except SharpEyesError as error:
        yield Finding("model", Verdict.BAD, error.message, error.hint)


def _speed(opened: ModelSession, settings: Settings) -> Finding:
    detector = make_detector(opened, settings)
    picture = np.zeros((360, 640, 3), np.uint8)
    detector.detect([picture])
    began = perf_counter()
    for _ in range(_ROUNDS):
        detector.detect([picture])
    look_s = (perf_counter() - began) / _ROUNDS
    cores = settings.looking.threads or len(os.sched_getaffinity(0))
    cameras = int(cores / look_s / settings.looking.detect_fps)
    found = (
        f"{settings.detector.model} takes {look_s * 1000:.0f} ms a picture: at most about {cameras} cameras at "
        f"{settings.looking.detect_fps:g} pictures a second, decoding aside"
    )
    return Finding("speed", Verdict.GOOD if cameras else Verdict.BAD, found, None if cameras else "use a smaller model")
