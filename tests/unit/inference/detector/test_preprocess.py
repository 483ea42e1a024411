"""From pictures of any size to the network's input and back."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.colour import yuv_to_bgr
from core.errors import BadInput
from core.frame import ColourMatrix, ColourRange, Frame, Picture
from inference.preprocess import InputMaker, place
from models.card import CardInput, ColourOrder, Letterbox
from models.input_size import FreeSize
from models.size import Size
from tests.support.builders import CAMERA, START

SIDES = st.integers(1, 9000)


def an_input(**changes: object) -> CardInput:
    """What a network takes: here without any normalisation, unless a test asks for it."""
    facts: dict[str, object] = {
        "name": "images",
        "size": {"kind": "free", "long_side": 64, "multiple_of": 32},
        "colours": "bgr",
        "mean": (0, 0, 0),
        "std": (1, 1, 1),
        "letterbox": "centred",
        "pad": 7,
    }
    return CardInput.model_validate(facts | changes)


def a_picture(width: int, height: int, bgr: tuple[int, int, int] = (10, 20, 30)) -> Picture:
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = bgr
    return picture


def frame_of(y: int, u: int, v: int, colour_range: ColourRange, matrix: ColourMatrix, size: Size) -> Frame:
    half = ((size.height + 1) // 2, (size.width + 1) // 2)
    luma, chroma_u, chroma_v = (
        np.full((size.height, size.width), y, np.uint8),
        np.full(half, u, np.uint8),
        np.full(half, v, np.uint8),
    )
    for plane in (luma, chroma_u, chroma_v):
        plane.flags.writeable = False  # as a decoder's own planes are
    return Frame(CAMERA, START, 0.0, 0, Fraction(1, 25), luma, chroma_u, chroma_v, range=colour_range, matrix=matrix)


@given(SIDES, SIDES, st.sampled_from(Letterbox))
def test_a_picture_of_any_shape_fits_into_its_input_and_fills_the_long_side(
    width: int, height: int, letterbox: Letterbox
) -> None:
    size = FreeSize(kind="free", long_side=416, multiple_of=32).size_for(width, height)
    placement = place(width, height, size, letterbox)
    assert 1 <= placement.width <= size.width - placement.left
    assert 1 <= placement.height <= size.height - placement.top
    assert max(placement.width, placement.height) == 416


@given(SIDES, SIDES, st.sampled_from(Letterbox))
def test_the_way_there_and_back_is_the_same(width: int, height: int, letterbox: Letterbox) -> None:
    placement = place(width, height, Size(416, 256), letterbox)
    x, y = placement.left + placement.width / 4, placement.top + placement.height / 2
    box = np.array([[x, y, placement.left + placement.width, 300]], np.float32)
    assert placement.shares(box)[0] == pytest.approx([0.25, 0.5, 1, 1], abs=1e-5)


def test_boxes_are_cut_at_the_edges_of_the_picture() -> None:
    placement = place(640, 360, Size(416, 256), Letterbox.CENTRED)
    shares = placement.shares(np.array([[-50, -50, 500, 5], [0, 0, 416, 256]], np.float32))
    assert shares.tolist() == [[0, 0, 1, 0], [0, 0, 1, 1]]


def test_a_centred_picture_lies_between_equal_edges_of_the_pad() -> None:
    tensor, _ = InputMaker(an_input()).make(a_picture(64, 16))
    assert tensor.shape == (1, 3, 32, 64)
    assert np.all(tensor[0, :, :8] == 7)
    assert np.all(tensor[0, :, 24:] == 7)
    assert np.all(tensor[0, 2, 8:24] == 30)


def test_a_picture_in_the_top_left_corner_has_its_pad_below() -> None:
    tensor, _ = InputMaker(an_input(letterbox="top_left")).make(a_picture(64, 16))
    assert np.all(tensor[0, 0, :16] == 10)
    assert np.all(tensor[0, :, 16:] == 7)


def test_the_pad_is_normalised_like_the_picture() -> None:
    card = an_input(mean=(1, 2, 3), std=(2, 4, 8))
    tensor, _ = InputMaker(card).make(a_picture(64, 16))
    assert tensor[0, :, 0, 0].tolist() == [3, 1.25, 0.5]
    assert tensor[0, :, 16, 0].tolist() == [4.5, 4.5, 3.375]


def test_the_channels_come_in_the_order_of_the_card() -> None:
    card = an_input(colours=ColourOrder.RGB, mean=(1, 2, 3))
    tensor, _ = InputMaker(card).make(a_picture(64, 32))
    assert tensor[0, :, 16, 16].tolist() == [29, 18, 7]


def test_a_size_that_was_asked_for_is_taken() -> None:
    tensor, placement = InputMaker(an_input()).make(a_picture(64, 32), Size(96, 32))
    assert tensor.shape == (1, 3, 32, 96)
    assert placement.width == 64


def test_pictures_of_different_shapes_do_not_disturb_each_other() -> None:
    maker = InputMaker(an_input())
    wide = maker.make(a_picture(64, 16))[0].copy()
    for width in range(20, 60):
        maker.make(a_picture(width, 64, (200, 200, 200)))
    maker.make(a_picture(64, 20, (200, 200, 200)))
    assert np.array_equal(maker.make(a_picture(64, 16))[0], wide)


def test_a_frame_becomes_the_colours_of_its_range_and_matrix() -> None:
    size = Size(64, 32)
    for colour_range in ColourRange:
        for matrix in ColourMatrix:
            expected = yuv_to_bgr(colour_range, matrix) @ [120, 100, 160, 1]
            tensor, _ = InputMaker(an_input()).make(frame_of(120, 100, 160, colour_range, matrix, size))
            assert tensor[0, :, 16, 32].tolist() == pytest.approx(expected.tolist(), abs=1e-4)


def test_a_small_frame_is_what_opencv_makes_of_its_picture() -> None:
    """A picture with colours everywhere, converted by OpenCV first, is the same but for its rounding."""
    ramp = np.linspace(30, 220, 64).astype(np.uint8)
    planes = np.tile(ramp, (32, 1)), np.tile(ramp[::2], (16, 1)), np.tile(ramp[::-2], (16, 1))
    stacked = np.concatenate([plane.ravel() for plane in planes]).reshape(48, 64)
    picture = np.asarray(cv2.cvtColor(stacked, cv2.COLOR_YUV2BGR_I420), np.float32)
    frame = Frame(CAMERA, START, 0.0, 0, Fraction(1, 25), *planes)
    tensor = InputMaker(an_input()).make(frame)[0][0].transpose(1, 2, 0)
    assert np.abs(np.clip(tensor, 0, 255) - picture).mean() < 2


def test_a_frame_of_odd_sides_is_taken() -> None:
    frame = frame_of(100, 128, 128, ColourRange.FULL, ColourMatrix.BT601, Size(61, 33))
    tensor, _ = InputMaker(an_input()).make(frame)
    assert tensor[0, :, 20, 30].tolist() == pytest.approx([100, 100, 100])


def test_a_crop_that_is_a_view_is_taken() -> None:
    picture = a_picture(200, 100)
    picture[20:52, 30:94] = (1, 2, 3)
    tensor, _ = InputMaker(an_input()).make(picture[20:52, 30:94])
    assert tensor[0, :, 0, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.uint16),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=["grey", "four channels", "16 bits", "empty"],
)
def test_what_is_no_picture_is_refused(array: Picture) -> None:
    with pytest.raises(BadInput, match="expected a picture of height x width x 3, uint8; found"):
        InputMaker(an_input()).make(array)
