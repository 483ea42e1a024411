"""The masker with the shipped models on real footage: whoever looks closely at what it lets through sees no face."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.box import Box
from core.frame import Picture
from events.media.clip_masking import ClipMasker
from events.media.masking import FACE_SCORE, Masker
from inference.detector import OnnxDetector
from inference.faces import OnnxFaceFinder
from inference.fit import open_session
from ingest.rendition import render
from models.store import ModelStore
from tests.support.footage import bikes, shared

SMALLEST_FACE = 16
"""Faces from this width on, in pixels of the picture that is stored, must not be seen."""
SURE = 0.3
SIZES = (8, 12, 16, 24, 48)
_TILE = 640
_OVERLAP = 160


@dataclass(frozen=True)
class Inspector:
    """Looks for faces much harder than the masker may: tile by tile, at the picture's own size and at twice that."""

    finder: OnnxFaceFinder

    def faces(self, picture: Picture) -> list[Box]:
        return [face for scale in (1, 2) for face in self._at(picture, scale)]

    def _at(self, picture: Picture, scale: int) -> Iterator[Box]:
        shown = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
        height, width = shown.shape[:2]
        for top in _starts(height):
            for left in _starts(width):
                tile = shown[top : top + _TILE, left : left + _TILE]
                for face in self.finder.find(np.ascontiguousarray(tile)):
                    a, b, c, d = face.pixels(tile.shape[1], tile.shape[0])
                    yield Box((left + a) / width, (top + b) / height, (left + c) / width, (top + d) / height)


@dataclass
class Recall:
    """How many faces there were, by their width in pixels, and how many of them the masker covered."""

    there: dict[int, int] = field(default_factory=lambda: dict.fromkeys(SIZES, 0))
    covered: dict[int, int] = field(default_factory=lambda: dict.fromkeys(SIZES, 0))

    def count(self, width: float, covered: bool) -> None:
        size = max((size for size in SIZES if size <= width), default=None)
        if size is not None:
            self.there[size] += 1
            self.covered[size] += covered

    def __str__(self) -> str:
        ends = [*(f"to {size}" for size in SIZES[1:]), "on"]
        return ", ".join(
            f"{size} px {end}: {self.covered[size]} of {self.there[size]}"
            for size, end in zip(SIZES, ends, strict=True)
            if self.there[size]
        )


class People:
    def __init__(self, detector: Callable[[float], OnnxDetector]) -> None:
        self._detector = detector
        self._at: dict[float, OnnxDetector] = {}

    def find(self, picture: Picture, min_score: float) -> list[Box]:
        detector = self._at.setdefault(min_score, self._detector(min_score))
        return [found.box for found in detector.detect([picture])[0] if found.label == "person"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    return ModelStore(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def inspector(store: ModelStore) -> Inspector:
    return Inspector(OnnxFaceFinder(open_session(store.find("centerface-int8")), min_score=SURE))


@pytest.fixture(scope="module")
def suspicious(store: ModelStore) -> Inspector:
    """Takes much for a face that is none."""
    return Inspector(OnnxFaceFinder(open_session(store.find("centerface-int8")), min_score=0.1))


@pytest.fixture(scope="module")
def masker(store: ModelStore) -> Masker:
    objects = open_session(store.find("nanodet-g-int8"))
    faces = OnnxFaceFinder(open_session(store.find("centerface-int8")), min_score=FACE_SCORE)
    return Masker(faces, People(lambda score: OnnxDetector(objects, min_score=score)))


@pytest.mark.parametrize(
    ("clip", "every", "scale"),
    [
        ("bikes.mp4", 10, 1.0),
        ("bikes.mp4", 22, 0.5),
        ("bikes.mp4", 60, 2.0),
        ("corridor-people.mp4", 200, 1.0),
        ("highway-east.avi", 150, 1.0),
        ("bottles-and-hands.mp4", 168, 1.0),
    ],
)
def test_no_face_can_be_found_outside_what_was_made_coarse(
    clip: str,
    every: int,
    scale: float,
    masker: Masker,
    inspector: Inspector,
    suspicious: Inspector,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recall = Recall()
    seen: list[tuple[int, tuple[float, ...]]] = []
    size = ""
    for number, picture in _pictures(_path(clip), every, scale):
        height, width = picture.shape[:2]
        size = f"{width}x{height}"
        masked = masker.mask(picture)
        for face in inspector.faces(picture):
            recall.count(face.width * width, _share_inside(face, masked.boxes) > 0.7)
        left = [face for face in inspector.faces(masked.picture) if _share_inside(face, masked.boxes) < 0.5]
        # The corner of a covered part may look like a face. It is none where, before, nothing came near to one.
        before = suspicious.faces(picture) if left else []
        seen += [
            (number, face.pixels(width, height))
            for face in left
            if face.width * width >= SMALLEST_FACE and any(face.overlap(other) > 0.1 for other in before)
        ]

    with capsys.disabled():
        print(f"\n  faces covered in {clip} at {size}: {str(recall) or 'no face there'}")
    assert seen == []


def test_the_check_itself_finds_faces_where_nothing_is_masked(inspector: Inspector) -> None:
    found = [
        face.width * picture.shape[1] for _, picture in _pictures(bikes(), 20, 1.0) for face in inspector.faces(picture)
    ]
    assert sum(width >= SMALLEST_FACE for width in found) >= 6


def test_a_masked_clip_shows_no_face(masker: Masker, inspector: Inspector) -> None:
    clip, made = ClipMasker(masker), io.BytesIO()
    with bikes().open("rb") as source:
        render(source, io.BytesIO(), clip.look, max_fps=5)
        render(source, made, clip.mask, max_fps=5)

    made.seek(0)
    seen: list[tuple[float, Box]] = []
    pictures = 0
    with av.open(made, "r") as container:
        for frame in container.decode(video=0):
            picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
            pictures += 1
            if pictures % 2:
                continue
            assert frame.time is not None
            boxes = clip.boxes_at(frame.time)
            seen += [
                (frame.time, face)
                for face in inspector.faces(picture)
                if face.width * picture.shape[1] >= SMALLEST_FACE and _share_inside(face, boxes) < 0.5
            ]
    assert pictures >= 48
    assert seen == []


def _path(clip: str) -> Path:
    return bikes() if clip == "bikes.mp4" else shared(clip)


def _pictures(path: Path, every: int, scale: float) -> Iterator[tuple[int, Picture]]:
    """Every so many pictures of a clip, with their numbers, `scale` times as large."""
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % every == 0:
                picture = frame.to_ndarray(format="bgr24")
                how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
                yield number, np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _starts(length: int) -> Sequence[int]:
    """Where tiles begin that cover `length` pixels and overlap by at least `_OVERLAP`."""
    if length <= _TILE:
        return [0]
    count = -(-(length - _OVERLAP) // (_TILE - _OVERLAP))
    return [round(i * (length - _TILE) / (count - 1)) for i in range(count)]


def _share_inside(face: Box, boxes: Sequence[Box]) -> float:
    """The share of `face` that lies in any of `boxes`, sampled on a grid."""
    xs = np.linspace(face.left, face.right, 21)[None, :]
    ys = np.linspace(face.top, face.bottom, 21)[:, None]
    inside = np.zeros((21, 21), bool)
    for box in boxes:
        inside |= (box.left <= xs) & (xs <= box.right) & (box.top <= ys) & (ys <= box.bottom)
    return float(inside.mean())
