"""Privacy areas are black, to the last pixel, in pictures of any size."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.box import Point
from core.errors import BadInput
from core.frame import Picture
from core.zone import Polygon
from events.media.blackout import NotBlackedOut, areas_mark, black_out, black_out_jpeg

SHARES = st.floats(0, 1)
SIDES = st.integers(1, 48)
SQUARE = Polygon((Point(0.25, 0.25), Point(0.75, 0.25), Point(0.75, 0.75), Point(0.25, 0.75)))


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """Any that goes round a point; what would lie outside the picture is pressed to its edge, as a hand draws it."""
    x, y = draw(SHARES), draw(SHARES)
    turns = sorted(draw(st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=12, unique=True)))
    reaches = [draw(st.floats(0.001, 0.9)) for _ in turns]
    corners = [
        Point(min(1.0, max(0.0, x + reach * math.cos(turn))), min(1.0, max(0.0, y + reach * math.sin(turn))))
        for turn, reach in zip(turns, reaches, strict=True)
    ]
    try:
        return Polygon(tuple(corners))
    except BadInput:
        assume(False)
        raise


def _white(width: int, height: int) -> Picture:
    return np.full((height, width, 3), 255, np.uint8)


@settings(max_examples=150, deadline=None)
@given(polygons(), SIDES, SIDES)
def test_no_pixel_whose_middle_lies_within_is_left(area: Polygon, width: int, height: int) -> None:
    shown = black_out(_white(width, height), (area,))
    for row in range(height):
        for column in range(width):
            if area.holds(Point((column + 0.5) / width, (row + 0.5) / height)):
                assert not shown[row, column].any(), (row, column)


@settings(max_examples=100, deadline=None)
@given(polygons(), st.integers(100, 1280), st.integers(100, 720))
def test_no_pixel_that_an_area_touches_is_left(area: Polygon, width: int, height: int) -> None:
    shown = black_out(_white(width, height), (area,))
    corners = np.array([(corner.x, corner.y) for corner in area.points])
    way = np.linspace(0, 1, 200)[:, np.newaxis, np.newaxis]
    sides = (corners + way * (np.roll(corners, -1, axis=0) - corners)).reshape(-1, 2)
    columns, rows = (sides * (width, height)).astype(int).clip(0, (width - 1, height - 1)).T
    assert not shown[rows, columns].any()


def test_a_pixel_around_an_area_is_black_too_and_what_is_further_away_is_not() -> None:
    shown = black_out(_white(200, 100), (SQUARE,))
    assert not shown[24:76, 49:151].any()
    far = shown.copy()
    far[23:77, 48:152] = 255
    assert far.all()
    assert set(np.unique(shown)) == {0, 255}


def test_all_areas_are_black_also_where_they_overlap() -> None:
    corner = Polygon((Point(0, 0), Point(0.5, 0), Point(0, 0.5)))
    shown = black_out(_white(200, 100), (SQUARE, corner, SQUARE))
    assert not shown[50, 100].any()
    assert not shown[2, 2].any()


def test_where_sides_of_an_area_lie_upon_each_other_it_is_black() -> None:
    comb = ((1, 0.54), (1, 0.72), (1, 0.61), (1, 1), (0.94, 0.6), (0.77, 1), (0.87, 0.43), (0.68, 0.17), (0.81, 0))
    area = Polygon(tuple(Point(x, y) for x, y in (*comb, (1, 0), (0.96, 0.48), (1, 0), (1, 0.33))))
    shown = black_out(_white(107, 311), (area,))
    for row in range(311):
        for column in range(107):
            assert not (area.holds(Point((column + 0.5) / 107, (row + 0.5) / 311)) and shown[row, column].any())


def test_an_area_narrower_than_a_pixel_is_black() -> None:
    slit = Polygon((Point(0.501, 0), Point(0.5012, 0), Point(0.5012, 1), Point(0.501, 1)))
    assert not black_out(_white(20, 20), (slit,))[:, 10].any()


def test_the_picture_itself_stays_as_it_is() -> None:
    picture = _white(20, 20)
    black_out(picture, (SQUARE,))
    assert picture.all()
    assert black_out(picture, ()) is picture


def test_a_jpeg_is_black_there_and_as_it_was_elsewhere() -> None:
    street = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (360, 640, 3), np.uint8), (9, 9), 3)
    jpeg = cv2.imencode(".jpg", street)[1].tobytes()
    shown = cv2.imdecode(np.frombuffer(black_out_jpeg(jpeg, (SQUARE,)), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape == street.shape
    # What surrounds the area spreads inwards a little, as far as a block of the JPEG.
    assert shown[106:254, 176:464].max() <= 12
    assert np.abs(shown[:72].astype(int) - street[:72]).mean() < 5
    assert black_out_jpeg(jpeg, ()) == jpeg


@pytest.mark.parametrize("stored", [b"", b"\xff\xd8 a picture \xff\xd9"])
def test_what_is_no_picture_is_not_shown(stored: bytes) -> None:
    with pytest.raises(NotBlackedOut, match="could not be blacked out"):
        black_out_jpeg(stored, (SQUARE,))


def test_the_mark_stands_for_the_areas_whatever_their_order() -> None:
    other = Polygon((Point(0, 0), Point(1, 0), Point(0.3, 1)))
    assert areas_mark(()) == ""
    assert areas_mark((other,)) == areas_mark((Polygon((Point(0.0, 0.0), Point(1.0, 0.0), Point(0.3, 1.0))),))
    assert areas_mark((SQUARE, other)) == areas_mark((other, SQUARE))
    assert len({areas_mark((SQUARE,)), areas_mark((other,)), areas_mark((SQUARE, other))}) == 3
