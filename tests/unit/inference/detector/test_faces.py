"""Faces are found to be masked: in whole pictures and in crops."""

import numpy as np
import pytest

from core.errors import BadInput
from inference.faces import OnnxFaceFinder, face_size
from inference.fit import ModelSession
from models.size import Size


def blank(width: int, height: int) -> "np.typing.NDArray[np.uint8]":
    return np.zeros((height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ((1920, 1080), Size(640, 384)),
        ((640, 360), Size(640, 384)),
        ((360, 640), Size(384, 640)),
        ((224, 100), Size(224, 128)),
        ((90, 200), Size(128, 224)),
        ((10, 10), Size(32, 32)),
    ],
)
def test_a_small_picture_is_looked_at_in_its_own_size(
    faces: ModelSession, picture: tuple[int, int], expected: Size
) -> None:
    assert face_size(faces.card.input, blank(*picture)) == expected


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 16), (7680, 4320), (3, 2000), (224, 100)])
def test_no_face_is_found_in_darkness_of_any_size(faces: ModelSession, width: int, height: int) -> None:
    assert OnnxFaceFinder(faces).find(blank(width, height)) == []


def test_what_finds_objects_is_no_face_finder(objects: ModelSession) -> None:
    with pytest.raises(BadInput, match="finds objects, expected one that finds faces"):
        OnnxFaceFinder(objects)


@pytest.mark.parametrize("array", [np.zeros((4, 4), np.uint8), np.zeros((0, 0, 3), np.uint8)], ids=["grey", "empty"])
def test_what_is_no_picture_is_refused(faces: ModelSession, array: "np.typing.NDArray[np.uint8]") -> None:
    with pytest.raises(BadInput, match="expected a picture"):
        OnnxFaceFinder(faces).find(array)
