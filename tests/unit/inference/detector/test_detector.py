"""The detector: pictures and frames in, detections in shares out."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from core.detection import Detection
from core.errors import BadInput
from core.frame import Frame, Picture
from inference.decoding.candidates import Floats
from inference.decoding.nanodet import BINS, NanoDetDecoder
from inference.detector import OnnxDetector
from inference.fit import ModelSession
from models.model_file import ModelFile
from models.size import Size
from tests.support.builders import a_frame


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


@pytest.fixture(scope="module")
def several(street: Picture) -> list[Picture | Frame]:
    """Pictures and frames of several sizes."""
    tall = np.ascontiguousarray(street[:, 200:400])
    return [street, tall, a_frame(), np.ascontiguousarray(street[:, ::-1]), street[:200], np.zeros_like(tall)]


def test_a_batch_finds_what_each_picture_alone_gives(objects: ModelSession, several: list[Picture | Frame]) -> None:
    alone = OnnxDetector(objects, min_score=0.1).detect(several)
    assert OnnxDetector(objects, min_score=0.1, batched=True).detect(several) == alone
    assert sum(map(bool, alone)) >= 3


class Counting:
    """Stands for ONNX Runtime: passes on to it, and remembers how many pictures each run had."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self.runs: list[int] = []

    def get_inputs(self) -> Any:
        return self._session.get_inputs()

    def run(self, outputs: Any, tensors: dict[str, Floats]) -> Any:
        self.runs.append(len(tensors["images"]))
        return self._session.run(outputs, tensors)


def test_a_batch_is_one_run_for_each_size_and_without_it_each_picture_is_one(
    objects: ModelSession, several: list[Picture | Frame]
) -> None:
    counting = Counting(objects.session)
    OnnxDetector(ModelSession(objects.card, counting), batched=True).detect(several)
    assert sorted(counting.runs) == [1, 1, 2, 2]
    counting.runs.clear()
    OnnxDetector(ModelSession(objects.card, counting)).detect(several)
    assert counting.runs == [1] * 6
    counting.runs.clear()
    OnnxDetector(ModelSession(objects.card, counting, batches=True)).detect([several[0]] * 3)
    assert counting.runs == [3]


def test_a_network_for_one_picture_takes_no_batches(nanodet: ModelFile) -> None:
    model = onnx.load(nanodet.path)
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
    single = ModelSession(nanodet.card, ort.InferenceSession(model.SerializeToString()))
    with pytest.raises(BadInput, match="takes no batches"):
        OnnxDetector(single, batched=True)
