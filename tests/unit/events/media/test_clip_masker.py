"""Heads in clips are covered for longer than they are seen."""

import numpy as np
import pytest

from core.box import Box, Point
from core.frame import Picture
from core.zone import Polygon
from events.media.clip_masking import HELD_S, ClipMasker
from events.media.masking import Masker, MaskingFailed

STEP_S = 0.1
HEAD = Box(0.4, 0.4, 0.45, 0.5)


class FacesByPicture:
    """Finds what is written for the picture whose number is its grey tone."""

    def __init__(self, faces: dict[int, list[Box]]) -> None:
        self._faces = faces

    def find(self, picture: Picture) -> list[Box]:
        return self._faces.get(int(picture[0, 0, 0]), [])


class Nobody:
    def find(self, picture: Picture, min_score: float) -> list[Box]:
        return []


def _looked_at(faces: dict[int, list[Box]], pictures: int = 20, *, areas: tuple[Polygon, ...] = ()) -> ClipMasker:
    masker = ClipMasker(Masker(FacesByPicture(faces), Nobody()), areas)
    for number in range(pictures):
        masker.look(np.full((192, 320, 3), number, np.uint8), number * STEP_S)
    return masker


def _covers(masker: ClipMasker, number: int, box: Box = HEAD) -> bool:
    return any(
        one.left <= box.left and one.top <= box.top and box.right <= one.right and box.bottom <= one.bottom
        for one in masker.boxes_at(number * STEP_S)
    )


def test_a_head_is_covered_before_and_after_it_is_seen_and_no_longer() -> None:
    masker = _looked_at({10: [HEAD]})
    held = int(HELD_S / STEP_S)

    assert [number for number in range(20) if _covers(masker, number)] == list(range(10 - held, 10 + held + 1))


def test_a_head_that_is_missed_in_between_stays_covered() -> None:
    masker = _looked_at({number: [HEAD] for number in range(20) if number not in (7, 8, 9, 10)})
    assert all(_covers(masker, number) for number in range(20))


def test_a_head_that_moves_and_is_missed_is_covered_where_it_must_be() -> None:
    def at(number: int) -> Box:
        return Box(0.1 + 0.02 * number, 0.4, 0.15 + 0.02 * number, 0.5)

    masker = _looked_at({number: [at(number)] for number in range(20) if number % 2})
    assert all(_covers(masker, number, at(number)) for number in range(20))


def test_masking_covers_what_the_neighbours_show() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (192, 320, 3), np.uint8)
    masked = _looked_at({10: [HEAD]}).mask(noise, 9 * STEP_S)

    columns, rows = slice(130, 142), slice(80, 94)
    assert masked[rows, columns].std() < 0.5 * noise[rows, columns].std()
    assert np.array_equal(masked[:40], noise[:40])


def test_a_picture_that_was_not_looked_at_is_not_let_through() -> None:
    with pytest.raises(MaskingFailed, match=r"at 2\.050 s was not looked at"):
        _looked_at({}).mask(np.zeros((192, 320, 3), np.uint8), 2.05)


def test_looking_gives_nothing_of_the_picture_away() -> None:
    masker = ClipMasker(Masker(FacesByPicture({}), Nobody()))
    answer = masker.look(np.full((192, 320, 3), 200, np.uint8), 0.0)
    assert answer.shape == (192, 320, 3)
    assert not answer.any()


def test_privacy_areas_are_black_in_every_picture_and_no_head_makes_them_grey() -> None:
    right = Polygon((Point(0.5, 0), Point(1, 0), Point(1, 1), Point(0.5, 1)))
    masker = _looked_at({10: [Box(0.43, 0.4, 0.56, 0.6)]}, areas=(right,))
    left_white = np.full((192, 320, 3), 255, np.uint8)
    right_white = left_white.copy()
    right_white[:, :160] = 0
    for number in range(20):
        assert not masker.mask(left_white, number * STEP_S)[:, 160:].any()
        assert not masker.mask(right_white, number * STEP_S).any()
