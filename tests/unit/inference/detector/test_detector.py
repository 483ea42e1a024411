"""The detector: pictures and frames in, detections in shares out."""

from concurrent.futures import ThreadPoolExecutor

import av
import numpy as np
import pytest

from core.detection import Detection
from core.errors import BadInput
from core.frame import Picture
from inference.decoding.candidates import Floats
from inference.decoding.nanodet import BINS, NanoDetDecoder
from inference.detector import OnnxDetector
from inference.fit import ModelSession
from models.size import Size
from tests.support.builders import a_frame
from tests.support.footage import bikes


@pytest.fixture(scope="module")
def street() -> Picture:
    """A street with cars."""
    with av.open(str(bikes())) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == 45:
                return frame.to_ndarray(format="bgr24").astype(np.uint8)
    raise AssertionError("the clip is shorter than it was")


def test_a_street_has_objects_of_a_street(objects: ModelSession, street: Picture) -> None:
    found = OnnxDetector(objects).detect([street])[0]
    assert {one.label for one in found} & {"person", "car", "bicycle", "truck", "bus"}


def test_detections_come_best_first_and_from_the_score_of_the_card(objects: ModelSession, street: Picture) -> None:
    scores = [one.score for one in OnnxDetector(objects).detect([street])[0]]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= objects.card.min_score


def test_a_lower_least_score_finds_more_and_keeps_what_was_found(objects: ModelSession, street: Picture) -> None:
    some, more = (OnnxDetector(objects, min_score=score).detect([street])[0] for score in (0.4, 0.1))
    assert len(more) > len(some)
    assert more[: len(some)] == some


def test_pictures_are_answered_in_their_order(objects: ModelSession, street: Picture) -> None:
    detector = OnnxDetector(objects)
    empty = np.zeros_like(street)
    one, none, frame = detector.detect([street, empty, a_frame()])
    assert one == detector.detect([street])[0] != []
    assert none == frame == []


def test_nothing_is_answered_for_no_pictures(objects: ModelSession) -> None:
    assert OnnxDetector(objects).detect([]) == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 16), (7680, 4320), (9000, 3), (3, 9000)])
def test_a_picture_of_any_size_is_looked_at(objects: ModelSession, width: int, height: int) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    for one in OnnxDetector(objects, min_score=0.02).detect([noise])[0]:
        assert 0 <= one.box.left < one.box.right <= 1
        assert 0 <= one.box.top < one.box.bottom <= 1


class BoxesEverywhere:
    """Stands for ONNX Runtime: a sure box of one cell's width at every cell, also outside of the picture."""

    def run(self, outputs: object, tensors: dict[str, Floats]) -> list[Floats]:
        _, _, height, width = tensors["images"].shape
        decoder = NanoDetDecoder(labels=80)
        scores, distances = (np.zeros(shape, np.float32) for shape in decoder.shapes(Size(width, height)))
        scores[..., 0] = 0.9
        distances[..., ::BINS] = 50
        distances[..., 1::BINS] = 50
        return [scores, distances]


def test_boxes_outside_of_the_picture_are_dropped(objects: ModelSession) -> None:
    detector = OnnxDetector(ModelSession(objects.card, BoxesEverywhere()))
    assert len(detector.detect([np.zeros((416, 416, 3), np.uint8)])[0]) == 52 * 52 + 26 * 26 + 13 * 13
    # The picture is the middle 16 rows of 32: two rows of cells of each finer level touch it, one of the coarsest.
    narrow = detector.detect([np.zeros((16, 416, 3), np.uint8)])[0]
    assert len(narrow) == 2 * 52 + 2 * 26 + 13
    assert all(one.box.width > 0 and one.box.height > 0 for one in narrow)


@pytest.mark.parametrize("view", [np.s_[:, ::-1], np.s_[::-1], np.s_[::2, 1::3], np.s_[5:, 7:90]])
def test_a_view_is_looked_at_like_its_copy(objects: ModelSession, street: Picture, view: tuple[slice, ...]) -> None:
    detector = OnnxDetector(objects, min_score=0.1)
    found, expected = detector.detect([street[view], np.ascontiguousarray(street[view])])
    assert found == expected


def test_the_size_can_be_set(objects: ModelSession, street: Picture) -> None:
    assert OnnxDetector(objects, size=Size(640, 288)).detect([street])[0]


def test_a_size_that_the_model_does_not_take_is_refused(objects: ModelSession) -> None:
    with pytest.raises(BadInput, match="multiple of 32"):
        OnnxDetector(objects, size=Size(640, 272))


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_least_score_that_is_none_is_refused(objects: ModelSession, score: float) -> None:
    with pytest.raises(BadInput, match="expected 0 to 1"):
        OnnxDetector(objects, min_score=score)


def test_faces_never_become_detections(faces: ModelSession) -> None:
    with pytest.raises(BadInput, match="finds faces, expected one that finds objects"):
        OnnxDetector(faces)


def test_threads_over_one_session_find_the_same(objects: ModelSession, street: Picture) -> None:
    turned = np.ascontiguousarray(street[:, ::-1])
    expected = OnnxDetector(objects).detect([street, turned])

    def look(number: int) -> list[list[Detection]]:
        detector = OnnxDetector(objects)
        return [found for _ in range(4) for found in detector.detect([street, turned])]

    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(look, range(3)):
            assert found == expected * 4
