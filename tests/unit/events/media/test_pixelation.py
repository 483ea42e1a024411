"""Making parts of a picture coarse."""

import numpy as np
import pytest

from core.box import Box
from core.frame import Picture
from events.media.pixelation import MOST_BLOCKS, pixelate


def _noise(width: int, height: int) -> Picture:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)


def _runs(row: Picture) -> int:
    """How many stretches of one colour there are along a row of pixels."""
    return 1 + int(np.any(row[1:] != row[:-1], axis=1).sum())


@pytest.mark.parametrize("side", [48, 60, 97, 200, 400])
def test_a_head_gets_at_most_six_blocks_each_way(side: int) -> None:
    masked = pixelate(_noise(400, 400), [Box(0, 0, side / 400, side / 400)])

    assert _runs(masked[0, :side]) == MOST_BLOCKS == _runs(masked[:side, 0])


@pytest.mark.parametrize(("side", "blocks"), [(4, 1), (15, 1), (16, 2), (24, 3)])
def test_a_small_head_gets_fewer_blocks(side: int, blocks: int) -> None:
    masked = pixelate(_noise(64, 64), [Box(0, 0, side / 64, side / 64)])
    assert _runs(masked[0, :side]) == blocks


def test_the_shorter_side_counts_in_a_long_box() -> None:
    masked = pixelate(_noise(400, 100), [Box(0, 0, 1, 0.6)])
    assert _runs(masked[:60, 0]) == MOST_BLOCKS
    assert _runs(masked[0]) == 40


def test_the_rest_of_the_picture_stays_as_it_was() -> None:
    picture = _noise(100, 80)
    masked = pixelate(picture, [Box(0.25, 0.25, 0.75, 0.75)])
    outside = np.ones((80, 100), bool)
    outside[20:60, 25:75] = False

    assert np.array_equal(masked[outside], picture[outside])
    assert not np.array_equal(masked, picture)


def test_the_picture_handed_in_is_not_changed() -> None:
    picture = _noise(32, 32)
    before = picture.copy()
    picture.flags.writeable = False
    pixelate(picture, [Box(0, 0, 1, 1)])
    assert np.array_equal(picture, before)


def test_pixels_that_a_box_touches_in_part_are_covered() -> None:
    picture = _noise(100, 100)
    masked = pixelate(picture, [Box(0.105, 0.105, 0.395, 0.395)])
    assert np.all(np.any(masked[10:40, [10, 39]] != picture[10:40, [10, 39]], axis=2).mean(axis=0) > 0.9)


def test_of_a_block_nothing_but_its_mean_is_left() -> None:
    picture = _noise(12, 12)
    turned = np.ascontiguousarray(picture[::-1, ::-1])
    whole = [Box(0, 0, 1, 1)]

    assert np.array_equal(pixelate(picture, whole), pixelate(turned, whole))
    assert np.abs(pixelate(picture, whole)[0, 0] - picture.mean(axis=(0, 1))).max() <= 1


def test_where_boxes_overlap_nothing_comes_back() -> None:
    picture = _noise(120, 120)
    first, second = Box(0, 0, 0.6, 0.6), Box(0.3, 0.3, 0.9, 0.9)
    once = pixelate(picture, [first])
    assert np.array_equal(pixelate(picture, [first, second]), pixelate(once, [second]))


@pytest.mark.parametrize("box", [Box(0.5, 0.5, 0.5, 0.5), Box(1, 1, 1, 1), Box(0, 0, 0, 1)])
def test_a_box_without_area_is_no_error(box: Box) -> None:
    pixelate(_noise(16, 16), [box])


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 16), (3, 500), (4000, 2)])
def test_pictures_of_any_size_can_be_covered_whole(width: int, height: int) -> None:
    assert pixelate(_noise(width, height), [Box(0, 0, 1, 1)]).shape == (height, width, 3)
