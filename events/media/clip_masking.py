"""Hiding heads in clips: what one picture shows is covered in its neighbours too, for finders miss now and then."""

from bisect import bisect_left, bisect_right
from typing import Final

import numpy as np

from core.box import Box
from core.frame import Picture

from .blackout import Areas, black_out
from .heads import grown, without_covered
from .masking import Masker, MaskingFailed
from .pixelation import pixelate

HELD_S: Final = 0.35
"""A head is covered from so long before it was seen to so long after."""
_GROWTH_PER_S: Final = 1.0
"""A head moves on: what covers it away from its own picture grows by so many of its sizes a second, on each side."""


class ClipMasker:
    """Masks the pictures of one clip, in two passes, since a head is to be covered before it is first seen.

    All pictures go through `look`, then all again through `mask`. One thread, as its masker.
    """

    def __init__(self, masker: Masker, areas: Areas = ()) -> None:
        """`areas` are black in every picture."""
        self._masker = masker
        self._areas = areas
        self._looks: dict[float, tuple[Box, ...]] = {}

    def look(self, picture: Picture, seconds: float) -> Picture:
        """Remember the heads in `picture`, which is shown `seconds` after the clip's start. Raises `MaskingFailed`.

        The answer is a black picture of the same size, for those who want one of every step.
        """
        self._looks[seconds] = self._masker.find_heads(picture)
        return np.zeros_like(picture)

    def mask(self, picture: Picture, seconds: float) -> Picture:
        """`picture` with its areas black, and the heads coarse that it and its neighbours show.

        Raises `MaskingFailed` for a picture that was not looked at.
        """
        if seconds not in self._looks:
            raise MaskingFailed(f"the picture at {seconds:.3f} s was not looked at before it was to be masked")
        masked = pixelate(black_out(picture, self._areas), self.boxes_at(seconds))
        return black_out(masked, self._areas)

    def boxes_at(self, seconds: float) -> tuple[Box, ...]:
        """What is covered in the picture shown at that time."""
        times = sorted(self._looks)
        near = times[bisect_left(times, seconds - HELD_S) : bisect_right(times, seconds + HELD_S)]
        return without_covered(
            grown(box, _GROWTH_PER_S * abs(time - seconds)) for time in near for box in self._looks[time]
        )
