"""The detector agrees with a straight implementation, and a frame gives what its picture gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.detection import Detection
from core.frame import Frame, Picture
from inference.detector import OnnxDetector
from inference.fit import ModelSession, open_session
from models.card import Card
from models.store import ModelStore
from tests.support.builders import CAMERA, START
from tests.support.footage import bikes

from .straight_detection import Found, StraightDetector, StraightNanoDet, StraightYolox, overlap

SHARED = Path(__file__).parents[3] / "shared"
YOLOX = SHARED / "models" / "yolox-nano-416.onnx"
CLIPS = ("highway-east.avi", "roadside-cars.avi", "corridor-people.mp4", "bottles-and-hands.mp4")
EACH_NTH = 100
MIN_SCORE = 0.4
SHAPES = ((16, 16), (96, 416), (500, 97), (1080, 1920), (4320, 7680), (333, 517), (720, 404), (10, 900))
"""Height and width: tiny, wide, tall, odd, of 8K, and exactly as the network takes it."""


@dataclass(frozen=True)
class Pair:
    """One model, opened by us and by the straight implementation."""

    session: ModelSession
    straight: StraightDetector

    @property
    def card(self) -> Card:
        return self.session.card

    def detector(self, min_score: float = MIN_SCORE) -> OnnxDetector:
        return OnnxDetector(self.session, min_score=min_score)


@pytest.fixture(scope="module", params=["nanodet-g-int8", "yolox-nano-416"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    store = ModelStore(tmp_path_factory.mktemp("models"))
    if request.param == "yolox-nano-416":
        if not YOLOX.is_file():
            pytest.skip(f"{YOLOX.name} is not on this machine: {YOLOX.parent} is missing")
        store.add(YOLOX, request.param, open_session)
    model = store.find(request.param)
    straight = StraightYolox if request.param == "yolox-nano-416" else StraightNanoDet
    return Pair(open_session(model), straight(model.path))


def clips() -> list[Path]:
    """The footage at hand: at least the clip that comes with the test dependencies."""
    return [bikes(), *(path for name in CLIPS if (path := SHARED / "media" / name).is_file())]


def frames_of(clip: Path) -> Iterator[tuple[Frame, Picture]]:
    """Some frames, each with the picture that FFmpeg makes of it."""
    each_nth = EACH_NTH if clip.is_relative_to(SHARED) else EACH_NTH // 6
    with av.open(str(clip)) as container:
        for number, decoded in enumerate(container.decode(video=0)):
            if number % each_nth == 0:
                planar = decoded.reformat(format="yuv420p")
                luma, u, v = (
                    np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
                    for plane in planar.planes
                )
                frame = Frame(CAMERA, START, 0.0, number, Fraction(1, 25), luma, u, v)
                yield frame, decoded.to_ndarray(format="bgr24").astype(np.uint8)


def pictures() -> Iterator[tuple[str, Picture]]:
    """Footage, and pieces of it stretched to other shapes."""
    for clip in clips():
        for number, (_, picture) in enumerate(frames_of(clip)):
            yield f"{clip.name} {number}", picture
    street = [picture for _, picture in frames_of(bikes())]
    for number, (height, width) in enumerate(SHAPES):
        stretched = cv2.resize(street[number % len(street)], (width, height))
        yield f"{width}x{height}", np.asarray(stretched, np.uint8)


def disagreement(ours: list[Detection], straight: list[Found], card: Card, picture: Picture) -> list[str]:
    """What one of the two found and the other did not: same label, IoU >= 0.98, scores within 0.01."""
    height, width = picture.shape[:2]
    unmatched = list(straight)
    faults = []
    for one in ours:
        same = next(
            (
                other
                for other in unmatched
                if card.labels[other.label] == one.label
                and abs(other.score - one.score) <= 0.01
                and overlap(other.box, one.box.pixels(width, height)) >= 0.98
            ),
            None,
        )
        if same is None:
            faults.append(f"only ours: {one}")
        else:
            unmatched.remove(same)
    return faults + [f"only straight: {one}" for one in unmatched]


def test_detections_are_those_of_a_straight_implementation(pair: Pair) -> None:
    detector, looked, found = pair.detector(), 0, 0
    for name, picture in pictures():
        ours = detector.detect([picture])[0]
        faults = disagreement(ours, pair.straight.detect(picture, MIN_SCORE), pair.card, picture)
        assert not faults, f"{name}: {faults}"
        looked, found = looked + 1, found + len(ours)
    print(f"{pair.card.name}: {found} detections in {looked} pictures, all as in the straight implementation")
    assert looked >= 13
    assert found >= 20


def test_a_frame_gives_the_detections_of_its_picture(pair: Pair) -> None:
    """Planes are shrunk before they become colour; the boxes must not suffer.

    Scores move by a step or two of the int8 network, so what one finds at 0.4 the other must find at 0.3.
    """
    detector = pair.detector(MIN_SCORE - 0.1)
    strict, agreed, found = 0, 0, 0
    for clip in clips():
        for frame, picture in frames_of(clip):
            of_frame, of_picture = detector.detect([frame, picture])
            for ones, others in ((of_frame, of_picture), (of_picture, of_frame)):
                for one in sure(ones):
                    found += 1
                    agreed += has(others, one)
                    strict += has(sure(others), one)
    print(f"{pair.card.name}: {agreed} of {found} detections agree, {strict} of them at the same least score")
    assert found >= 40
    assert agreed / found >= 0.95


def sure(detections: list[Detection]) -> list[Detection]:
    return [one for one in detections if one.score >= MIN_SCORE]


def has(detections: list[Detection], one: Detection) -> bool:
    return any(other.label == one.label and other.box.overlap(one.box) >= 0.5 for other in detections)
