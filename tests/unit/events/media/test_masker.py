"""The masker over finders that know where the heads are."""

import numpy as np
import pytest

from core.box import Box, Point
from core.frame import Picture
from core.zone import Polygon
from events.media.masking import LOW_SCORE, Masker, MaskingFailed

FACE_COLOUR = (20, 200, 250)


class PaintedFaces:
    """Finds the one patch of `FACE_COLOUR`, if it is at least `smallest` pixels wide as shown."""

    def __init__(self, smallest: int = 12) -> None:
        self.smallest = smallest
        self.looks: list[tuple[int, int]] = []
        self.found = 0

    def find(self, picture: Picture) -> list[Box]:
        height, width = picture.shape[:2]
        self.looks.append((width, height))
        far = np.abs(picture.astype(int) - FACE_COLOUR).max(axis=2)
        rows, columns = np.nonzero(far < 30)
        if len(rows) == 0 or columns.max() - columns.min() < self.smallest:
            return []
        self.found += 1
        return [Box(columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)]


class People:
    def __init__(self, *boxes: Box) -> None:
        self.boxes = list(boxes)
        self.scores: list[float] = []

    def find(self, picture: Picture, min_score: float) -> list[Box]:
        self.scores.append(min_score)
        return self.boxes


class Broken:
    def find(self, picture: Picture, min_score: float = 0) -> list[Box]:
        raise RuntimeError("the network is gone")


def _with_face(width: int, height: int, left: int, top: int, size: int) -> Picture:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[top : top + size, left : left + size] = FACE_COLOUR
    return picture


@pytest.mark.parametrize(
    ("width", "height"), [(640, 384), (320, 240), (768, 432), (432, 768), (1920, 1080), (7680, 4320), (100, 900)]
)
def test_a_face_is_found_at_its_place_in_pictures_of_any_size(width: int, height: int) -> None:
    size = max(16, min(width, height) // 8)
    left, top = width * 6 // 10, height * 3 // 10
    masked = Masker(PaintedFaces(), People()).mask(_with_face(width, height, left, top, size))

    box = min(masked.boxes, key=lambda box: box.area)
    assert box.left * width < left < (left + size) < box.right * width
    assert box.top * height < top < (top + size) < box.bottom * height
    assert not np.array_equal(masked.picture, _with_face(width, height, left, top, size))


def test_a_face_too_small_for_the_whole_picture_is_found_in_the_upper_half_of_its_person() -> None:
    picture = _with_face(1200, 720, 600, 310, 10)
    person = Box(580 / 1200, 300 / 720, 630 / 1200, 420 / 720)
    faces = PaintedFaces(smallest=14)

    assert Masker(faces, People()).find_heads(picture) == ()
    assert len(faces.looks) == 5
    Masker(faces, People(person)).find_heads(picture)
    assert faces.found == 1


def test_a_small_face_in_a_large_picture_is_found_without_any_person() -> None:
    picture = _with_face(1280, 720, 900, 500, 16)
    assert Masker(PaintedFaces(smallest=11), People()).find_heads(picture)


def test_the_head_of_somebody_whose_face_does_not_show_is_covered() -> None:
    person = Box(0.4, 0.2, 0.5, 0.8)
    (head,) = Masker(PaintedFaces(), People(person)).mask(np.zeros((384, 640, 3), np.uint8)).boxes

    assert head.top <= person.top
    assert head.left <= person.left < person.right <= head.right


def test_people_count_at_a_low_score_already() -> None:
    people = People()
    Masker(PaintedFaces(), people).mask(np.zeros((384, 640, 3), np.uint8))
    assert people.scores == [LOW_SCORE]
    assert LOW_SCORE <= 0.2


def test_a_crowd_takes_a_bounded_number_of_looks() -> None:
    faces = PaintedFaces()
    crowd = [Box(x / 50, 0.5, x / 50 + 0.015, 0.6) for x in range(50)]
    masked = Masker(faces, People(*crowd)).mask(np.zeros((1080, 1920, 3), np.uint8))

    whole, tiles, closer, once_more = 1, 4, 8, 1
    assert len(faces.looks) <= whole + tiles + closer + once_more
    assert len(masked.boxes) == 50


def test_no_look_is_larger_than_the_networks_cost_allows() -> None:
    faces = PaintedFaces()
    Masker(faces, People(Box(0.1, 0.1, 0.9, 0.9))).mask(np.zeros((4320, 7680, 3), np.uint8))
    assert max(width * height for width, height in faces.looks) <= 640 * 384


@pytest.mark.parametrize(
    "masker", [Masker(Broken(), People()), Masker(PaintedFaces(), Broken())], ids=["faces", "people"]
)
def test_a_finder_that_fails_means_no_picture(masker: Masker) -> None:
    with pytest.raises(MaskingFailed, match="the network is gone"):
        masker.mask(np.zeros((384, 640, 3), np.uint8))


@pytest.mark.parametrize(
    "picture",
    [np.zeros((0, 0, 3), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 0, 3), np.uint8)],
    ids=["empty", "grey", "no width"],
)
def test_what_is_no_picture_is_not_masked(picture: Picture) -> None:
    with pytest.raises(MaskingFailed):
        Masker(PaintedFaces(), People()).mask(picture)


def test_what_still_passes_for_a_face_after_masking_is_covered_too() -> None:
    class SeesOneMore:
        """Finds a face in a corner, but only where the middle is coarse already."""

        def find(self, picture: Picture) -> list[Box]:
            coarse = picture[170:214, 280:360].std() < 30
            return [Box(0.1, 0.1, 0.2, 0.2)] if coarse else [Box(0.4, 0.4, 0.6, 0.6)]

    noise = np.random.default_rng(4).integers(0, 256, (384, 640, 3), np.uint8)
    masked = Masker(SeesOneMore(), People()).mask(noise)

    assert len(masked.boxes) == 2
    assert masked.picture[40:76, 66:126].std() < 30


def test_a_picture_without_anybody_stays_as_it_is() -> None:
    picture = np.random.default_rng(3).integers(0, 200, (270, 480, 3), np.uint8)
    masked = Masker(PaintedFaces(), People()).mask(picture)
    assert masked.boxes == ()
    assert np.array_equal(masked.picture, picture)


def test_a_view_with_gaps_in_memory_is_masked_too() -> None:
    picture = _with_face(1280, 768, 600, 300, 60)[::2, ::2]
    masked = Masker(PaintedFaces(), People()).mask(picture)
    assert masked.boxes
    assert masked.picture.shape == (384, 640, 3)


RIGHT_HALF = (Polygon((Point(0.5, 0), Point(1, 0), Point(1, 1), Point(0.5, 1))),)


def test_a_head_half_in_a_privacy_area_is_coarse_where_it_shows_and_black_where_it_does_not() -> None:
    striped = _with_face(640, 384, 270, 150, 100)
    striped[150:250, 270:370:2, 1] -= 25
    # What can be seen of it would alone be too small to be found.
    masked = Masker(PaintedFaces(smallest=60), People()).mask(striped, RIGHT_HALF).picture
    assert not masked[:, 320:].any()
    stripes = [np.abs(np.diff(one[150:250, 270:318, 1].astype(int))).mean() for one in (striped, masked)]
    assert stripes[0] == 25
    assert stripes[1] < 8


def test_no_block_spreads_what_lies_in_a_privacy_area() -> None:
    dark = np.zeros((384, 640, 3), np.uint8)
    dark[:, 320:] = 255
    dark[150:250, 322:370] = FACE_COLOUR
    head = Masker(PaintedFaces(), People()).mask(dark)
    assert head.boxes[0].left < 0.5
    assert not Masker(PaintedFaces(), People()).mask(dark, RIGHT_HALF).picture.any()


def test_what_is_covered_last_does_not_make_a_privacy_area_grey() -> None:
    class SeesOneMore:
        """Finds a face across the edge of the area, once the picture is half black."""

        def find(self, picture: Picture) -> list[Box]:
            return [] if picture[:, -1].any() else [Box(0.43, 0.4, 0.6, 0.6)]

    white = np.full((384, 640, 3), 255, np.uint8)
    masked = Masker(SeesOneMore(), People()).mask(white, RIGHT_HALF).picture
    assert not masked[:, 320:].any()
    assert 0 < masked[192, 319 - 8 : 319].min() < 255
