"""Scenes for the tracker: what a detector would tell of objects whose ways are known, and what becomes of it."""

import random
from collections.abc import Callable, Iterable, Sequence

from core.box import Box
from core.detection import Detection
from core.track import Track
from inference.tracking import Tracker

from .builders import CAMERA, a_box, a_detection, after

STEP_S = 0.2
Place = tuple[float, float, float, float]
"""Centre, width and height of an object's box."""
Way = Callable[[float], Place | None]
"""Where an object is so many seconds after the beginning; None: out of sight."""
_REPEATS = 0.6
"""A detector suppresses the worse of two boxes that overlap by more."""


def follow(
    looks: Iterable[Iterable[Detection]], *, tracker: Tracker | None = None, from_s: float = 0.0, step_s: float = STEP_S
) -> list[list[Track]]:
    """The tracks of one picture after the other, `step_s` apart."""
    tracker = tracker or Tracker(CAMERA)
    return [tracker.update(after(from_s + index * step_s), list(found)) for index, found in enumerate(looks)]


def numbers(tracks: Iterable[Iterable[Track]]) -> set[int]:
    return {track.number for look in tracks for track in look}


def walking(seconds: float, *, speed: float = 0.1, label: str = "person", score: float = 0.6) -> list[Detection]:
    """The detections of one object that goes to the right."""
    return [
        a_detection(label, score, a_box(0.1 + speed * index * STEP_S, 0.5)) for index in range(round(seconds / STEP_S))
    ]


def scene(
    ways: Sequence[Way], seconds: float, *, seed: int = 0, tremble: float = 0.0, missed: float = 0.0
) -> list[list[tuple[int, Detection]]]:
    """The detections of each look, each with the index of the object that it shows.

    Boxes tremble by that share of their size, so many detections are missed, and of two boxes that nearly cover each
    other the detector tells the better one alone.
    """
    chance = random.Random(seed)
    looks = []
    for step in range(round(seconds / STEP_S)):
        found: list[tuple[int, Detection]] = []
        for index, way in enumerate(ways):
            place = way(step * STEP_S)
            if place is None or chance.random() < missed:
                continue
            x, y, width, height = place
            box = a_box(
                x + chance.gauss(0, tremble) * width,
                y + chance.gauss(0, tremble) * height,
                width * (1 + chance.gauss(0, tremble)),
                height * (1 + chance.gauss(0, tremble)),
            )
            found.append((index, a_detection("person", chance.uniform(0.42, 0.8), box)))
        looks.append(_without_repeats(found))
    return looks


def numbers_of(looks: Sequence[Sequence[tuple[int, Detection]]]) -> dict[int, list[int]]:
    """The numbers that each object of `scene` bore, look by look where it was shown."""
    borne: dict[int, list[int]] = {}
    shown = follow([[detection for _, detection in look] for look in looks])
    for look, tracks in zip(looks, shown, strict=True):
        by_box: dict[Box, int] = {track.box: track.number for track in tracks}
        for index, detection in look:
            if detection.box in by_box:
                borne.setdefault(index, []).append(by_box[detection.box])
    return borne


def _without_repeats(found: list[tuple[int, Detection]]) -> list[tuple[int, Detection]]:
    kept: list[tuple[int, Detection]] = []
    for index, detection in sorted(found, key=lambda one: -one[1].score):
        if all(detection.box.overlap(other.box) <= _REPEATS for _, other in kept):
            kept.append((index, detection))
    return kept
