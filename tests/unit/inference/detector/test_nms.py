"""Of boxes that show the same object, the best one stays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.box import Box
from inference.decoding import Candidates
from inference.nms import best_of

CORNERS = st.tuples(st.integers(-30, 60), st.integers(-30, 60), st.integers(1, 50), st.integers(1, 50))
BOXES = st.tuples(CORNERS, st.sampled_from([0.25, 0.5, 0.75]), st.integers(0, 2))


def candidates(*boxes: tuple[tuple[float, float, float, float], float, int]) -> Candidates:
    """Boxes as (left, top, right, bottom), score, label."""
    return Candidates(
        np.array([box for box, _, _ in boxes], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in boxes], np.float32),
        np.array([label for _, _, label in boxes], np.intp),
    )


def test_the_better_of_two_boxes_stays() -> None:
    assert best_of(candidates(((0, 0, 10, 10), 0.5, 0), ((1, 0, 11, 10), 0.9, 0)), 0.6).tolist() == [1]


def test_boxes_of_different_labels_stay_both_best_first() -> None:
    assert best_of(candidates(((0, 0, 10, 10), 0.5, 0), ((1, 0, 11, 10), 0.9, 1)), 0.6).tolist() == [1, 0]


def test_boxes_that_overlap_no_more_than_allowed_stay_both() -> None:
    half = candidates(((0, 0, 10, 10), 0.9, 0), ((0, 0, 10, 5), 0.8, 0))
    assert best_of(half, 0.51).tolist() == [0, 1]
    assert best_of(half, 0.49).tolist() == [0]


def test_of_equal_scores_the_earlier_stays() -> None:
    same = [((float(i), 0.0, 10.0 + i, 10.0), 0.5, 0) for i in range(3)]
    assert best_of(candidates(*same), 0.4).tolist() == [0]


def test_nothing_stays_of_nothing() -> None:
    assert best_of(candidates(), 0.6).tolist() == []


def test_a_label_is_not_suppressed_by_another_that_reaches_out_of_the_picture() -> None:
    boxes = candidates(((-90, -90, 10, 10), 0.5, 1), ((0, 0, 10, 10), 0.9, 0), ((-80, -80, 10, 10), 0.8, 2))
    assert best_of(boxes, 0.1).tolist() == [1, 2, 0]


@given(st.lists(BOXES, max_size=25))
def test_it_is_the_plain_greedy_rule(drawn: list[tuple[tuple[int, int, int, int], float, int]]) -> None:
    boxes = [((x, y, x + w, y + h), score, label) for (x, y, w, h), score, label in drawn]
    kept: list[int] = []
    for number in sorted(range(len(boxes)), key=lambda number: -boxes[number][1]):
        box, _, label = boxes[number]
        # 0.4999: no two boxes of whole pixels this small overlap by a share so close to it.
        if all(boxes[k][2] != label or Box(*box).overlap(Box(*boxes[k][0])) <= 0.4999 for k in kept):
            kept.append(number)
    assert best_of(candidates(*boxes), 0.4999).tolist() == kept
