"""From the planes of a frame to colours."""

from functools import cache

import numpy as np
import numpy.typing as npt

from .frame import ColourMatrix, ColourRange


@cache
def yuv_to_bgr(colour_range: ColourRange, matrix: ColourMatrix) -> npt.NDArray[np.float64]:
    """From Y, U, V, 1 (0 to 255) to blue, green, red (0 to 255): shape (3, 4), read-only.

    Y is a weighted sum of red, green and blue; U and V are what blue and red differ from it by. ITU-R BT.601 and BT.709
    give the weights and the limited range (Y from 16 to 235, U and V from 16 to 240); the full one is JPEG's.
    """
    red, blue = {ColourMatrix.BT601: (0.299, 0.114), ColourMatrix.BT709: (0.2126, 0.0722)}[matrix]
    green = 1 - red - blue
    black, of_luma, of_chroma = (16, 255 / 219, 255 / 224) if colour_range is ColourRange.LIMITED else (0, 1.0, 1.0)
    from_y = of_luma * np.ones(3)
    from_u = of_chroma * np.array([2 * (1 - blue), -2 * blue * (1 - blue) / green, 0])
    from_v = of_chroma * np.array([0, -2 * red * (1 - red) / green, 2 * (1 - red)])
    offset = -black * from_y - 128 * (from_u + from_v)
    to_bgr = np.stack([from_y, from_u, from_v, offset], axis=1)
    to_bgr.flags.writeable = False
    return to_bgr
