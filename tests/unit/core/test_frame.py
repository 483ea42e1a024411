from dataclasses import replace

import numpy as np
import pytest

from core.errors import BadInput
from tests.support.builders import a_frame


@pytest.mark.parametrize(("width", "height"), [(64, 36), (65, 37), (1, 1)])
def test_chroma_is_half_the_size_rounded_up(width: int, height: int) -> None:
    frame = a_frame(width=width, height=height)
    assert (frame.width, frame.height) == (width, height)


def test_planes_that_do_not_fit_each_other_are_refused_with_both_sizes() -> None:
    with pytest.raises(BadInput, match="64x36 needs chroma planes of 32x18, not"):
        replace(a_frame(width=64, height=36), chroma_u=np.zeros((36, 64), np.uint8))
