import gc
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from core.frame import ColourMatrix, ColourRange, Frame
from ingest.frames import frame_of
from ingest.pictures import picture_of
from tests.support.builders import CAMERA, START

COLOURS = {"red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0), "grey": (128, 128, 128), "white": (255,) * 3}


def as_frame(picture: av.VideoFrame) -> Frame:
    return frame_of(picture, CAMERA, at=START, arrived=1.0, pts=7, time_base=Fraction(1, 25))


def plain(colour: tuple[int, ...], pixel_format: str, **how: Any) -> av.VideoFrame:
    """A picture of one colour (blue, green, red) in a pixel format; a picture is 64x48."""
    pixels = np.full((48, 64, 3), colour, np.uint8)
    return av.VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format=pixel_format, **how)


def test_planes_are_views_of_the_decoders_own() -> None:
    picture = plain(COLOURS["grey"], "yuv420p")
    frame = as_frame(picture)
    np.frombuffer(memoryview(picture.planes[0]), np.uint8)[0] = 200
    assert frame.luma[0, 0] == 200


def test_planes_are_read_only() -> None:
    frame = as_frame(plain(COLOURS["grey"], "yuv420p"))
    for plane in (frame.luma, frame.chroma_u, frame.chroma_v):
        assert not plane.flags.writeable


def test_a_frame_keeps_its_pixels_alive() -> None:
    frame = as_frame(plain(COLOURS["red"], "yuv420p"))
    expected = frame.luma.copy()
    gc.collect()
    others = [plain(COLOURS["white"], "yuv420p") for _ in range(20)]
    assert np.array_equal(frame.luma, expected)
    assert len(others) == 20


@pytest.mark.parametrize("size", [(64, 48), (17, 13), (16, 16), (1, 1), (7680, 4320)])
def test_lines_longer_than_the_picture_are_cut_to_it(size: tuple[int, int]) -> None:
    width, height = size
    frame = as_frame(av.VideoFrame(width, height, "yuv420p"))
    assert frame.luma.shape == (height, width)
    assert frame.chroma_u.shape == ((height + 1) // 2, (width + 1) // 2)


@pytest.mark.parametrize(
    "pixel_format", ["yuv420p", "yuvj420p", "nv12", "yuv422p", "yuvj422p", "yuv444p", "yuv420p10le"]
)
@pytest.mark.parametrize("colour", COLOURS)
def test_colours_survive_in_every_pixel_format(pixel_format: str, colour: str) -> None:
    full = "JPEG" if pixel_format.startswith("yuvj") else "MPEG"
    frame = as_frame(plain(COLOURS[colour], pixel_format, dst_colorspace="ITU601", dst_color_range=full))
    assert frame.range is (ColourRange.FULL if full == "JPEG" else ColourRange.LIMITED)
    assert np.abs(picture_of(frame)[24, 32].astype(int) - COLOURS[colour]).max() <= 3


def test_grey_pictures_have_no_colour() -> None:
    picture = picture_of(as_frame(plain(COLOURS["grey"], "gray")))
    assert np.ptp(picture[24, 32]) <= 1


@pytest.mark.parametrize(
    ("width", "height", "matrix"),
    [(640, 360, ColourMatrix.BT601), (1280, 720, ColourMatrix.BT709), (768, 576, ColourMatrix.BT601)],
)
def test_an_unnamed_matrix_goes_by_the_number_of_lines(width: int, height: int, matrix: ColourMatrix) -> None:
    assert as_frame(av.VideoFrame(width, height, "yuv420p")).matrix is matrix


@pytest.mark.parametrize(
    ("named", "matrix"), [(1, ColourMatrix.BT709), (6, ColourMatrix.BT601), (5, ColourMatrix.BT601)]
)
def test_a_named_matrix_is_taken(named: int, matrix: ColourMatrix) -> None:
    picture = av.VideoFrame(64, 720, "yuv420p")
    picture.colorspace = named
    assert as_frame(picture).matrix is matrix


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("full", [False, True])
def test_bt709_is_converted_by_its_own_numbers(colour: str, full: bool) -> None:
    blue, green, red = (c / 255 for c in COLOURS[colour])
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    u, v = (blue - luma) / 1.8556, (red - luma) / 1.5748
    low, light, chroma = (0, 255, 255) if full else (16, 219, 224)
    frame = Frame(
        CAMERA,
        START,
        0.0,
        0,
        Fraction(1, 25),
        np.full((8, 8), round(low + light * luma), np.uint8),
        np.full((4, 4), min(255, round(128 + chroma * u)), np.uint8),
        np.full((4, 4), min(255, round(128 + chroma * v)), np.uint8),
        range=ColourRange.FULL if full else ColourRange.LIMITED,
        matrix=ColourMatrix.BT709,
    )
    assert np.abs(picture_of(frame)[4, 4].astype(int) - COLOURS[colour]).max() <= 3


def test_a_smaller_picture_is_the_shrunk_whole() -> None:
    frame = as_frame(plain(COLOURS["blue"], "yuv420p"))
    small = picture_of(frame, size=(16, 12))
    assert small.shape == (12, 16, 3)
    assert np.abs(small[6, 8].astype(int) - picture_of(frame)[24, 32]).max() <= 2
