"""What the outputs of each kind of network say."""

import numpy as np
import pytest

from inference.decoding.candidates import cells_of, count_cells
from inference.decoding.centerface import CenterFaceDecoder
from inference.decoding.nanodet import BINS, NanoDetDecoder
from inference.decoding.yolox import YoloxDecoder
from models.size import Size

SIZE = Size(96, 64)
LEVELS = 12 * 8, 6 * 4, 3 * 2
"""Cells of the strides 8, 16 and 32."""


def test_cells_are_counted_level_by_level_and_row_by_row() -> None:
    cells = cells_of(SIZE)
    assert count_cells(SIZE) == len(cells.stride) == sum(LEVELS)
    first_of_16 = LEVELS[0]
    assert (cells.column[13], cells.row[13], cells.stride[13]) == (1, 1, 8)
    assert (cells.column[first_of_16 + 7], cells.row[first_of_16 + 7], cells.stride[first_of_16 + 7]) == (1, 1, 16)


def test_a_nanodet_box_is_made_of_expected_distances_from_the_middle_of_its_cell() -> None:
    decoder = NanoDetDecoder(labels=3)
    scores, distances = (np.zeros(shape, np.float32) for shape in decoder.shapes(SIZE))
    cell = LEVELS[0] + 7  # column 1, row 1 of stride 16: its middle is 24, 24
    scores[0, cell, 2] = 0.9
    for side, bins in enumerate(((1,), (0,), (1, 2), (3,))):
        distances[0, cell, [BINS * side + number for number in bins]] = 50
    found = decoder.decode((scores, distances), SIZE, 0.5)
    assert found.boxes == pytest.approx(np.array([[24 - 16, 24, 24 + 24, 24 + 48]]), abs=1e-4)
    assert (found.labels.tolist(), found.scores.tolist()) == ([2], [pytest.approx(0.9)])


def test_a_cell_tells_its_best_label_alone() -> None:
    decoder = NanoDetDecoder(labels=3)
    scores, distances = (np.zeros(shape, np.float32) for shape in decoder.shapes(SIZE))
    scores[0, 5] = 0.6, 0.8, 0.7
    found = decoder.decode((scores, distances), SIZE, 0.5)
    assert (found.labels.tolist(), found.scores.tolist()) == ([1], [pytest.approx(0.8)])


def test_large_numbers_do_not_overflow_in_nanodet() -> None:
    decoder = NanoDetDecoder(labels=1)
    scores, distances = (np.full(shape, 500, np.float32) for shape in decoder.shapes(SIZE))
    assert np.isfinite(decoder.decode((scores, distances), SIZE, 0.5).boxes).all()


def test_a_yolox_box_lies_beside_the_corner_of_its_cell() -> None:
    decoder = YoloxDecoder(labels=2)
    rows = np.zeros(decoder.shapes(SIZE)[0], np.float32)
    cell = LEVELS[0] + LEVELS[1] + 4  # column 1, row 1 of stride 32
    rows[0, cell] = 0.5, 0.25, np.log(2), 0, 0.8, 0.1, 0.9
    found = decoder.decode((rows,), SIZE, 0.5)
    assert found.boxes == pytest.approx(np.array([[48 - 32, 40 - 16, 48 + 32, 40 + 16]]), abs=1e-4)
    assert (found.labels.tolist(), found.scores.tolist()) == ([1], [pytest.approx(0.72)])


def test_a_yolox_score_is_that_of_the_object_times_that_of_the_label() -> None:
    decoder = YoloxDecoder(labels=2)
    rows = np.zeros(decoder.shapes(SIZE)[0], np.float32)
    rows[0, 3, 4:] = 0.7, 0.7, 0.1
    assert len(decoder.decode((rows,), SIZE, 0.48).scores) == 1
    assert len(decoder.decode((rows,), SIZE, 0.5).scores) == 0


def test_a_face_lies_around_the_point_of_its_heat_map() -> None:
    decoder = CenterFaceDecoder()
    heat, scale, offset = (np.zeros(shape, np.float32) for shape in decoder.shapes(SIZE))
    row, column = 5, 10
    heat[0, 0, row, column] = 0.6
    scale[0, :, row, column] = np.log(3), np.log(2)  # 12 high, 8 wide
    offset[0, :, row, column] = 0.25, -0.5
    found = decoder.decode((heat, scale, offset), SIZE, 0.5)
    x, y = (10 - 0.5 + 0.5) * 4, (5 + 0.25 + 0.5) * 4
    assert found.boxes == pytest.approx(np.array([[x - 4, y - 6, x + 4, y + 6]]), abs=1e-4)
    assert found.labels.tolist() == [0]


@pytest.mark.parametrize("decoder", [NanoDetDecoder(4), YoloxDecoder(4), CenterFaceDecoder()])
def test_nothing_is_found_where_nothing_scores(decoder: NanoDetDecoder | YoloxDecoder | CenterFaceDecoder) -> None:
    outputs = [np.zeros(shape, np.float32) for shape in decoder.shapes(SIZE)]
    assert decoder.decode(outputs, SIZE, 0.1).boxes.shape == (0, 4)
