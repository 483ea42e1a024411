"""From the planes of a frame to colours."""

import pytest

from core.colour import yuv_to_bgr
from core.frame import ColourMatrix, ColourRange


@pytest.mark.parametrize("matrix", ColourMatrix)
@pytest.mark.parametrize("colour_range", ColourRange)
def test_grey_has_no_colour_in_any_range_and_matrix(colour_range: ColourRange, matrix: ColourMatrix) -> None:
    black, white = (16, 235) if colour_range is ColourRange.LIMITED else (0, 255)
    of_planes = yuv_to_bgr(colour_range, matrix)
    assert of_planes @ [black, 128, 128, 1] == pytest.approx([0, 0, 0], abs=1e-9)
    assert of_planes @ [white, 128, 128, 1] == pytest.approx([255, 255, 255])


@pytest.mark.parametrize(("matrix", "yuv"), [(ColourMatrix.BT601, (81, 90, 240)), (ColourMatrix.BT709, (63, 102, 240))])
def test_pure_red_is_what_the_standards_say(matrix: ColourMatrix, yuv: tuple[int, int, int]) -> None:
    """The limited-range red of colour bars, rounded to 8 bits in both standards."""
    assert yuv_to_bgr(ColourRange.LIMITED, matrix) @ [*yuv, 1] == pytest.approx([0, 0, 255], abs=2)
