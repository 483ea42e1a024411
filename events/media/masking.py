"""Hiding who is in a picture: finds every head that can be found, and makes it coarse."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np

from core.box import Box
from core.errors import SharpEyesError
from core.frame import Picture

from .blackout import Areas, black_out
from .heads import head_around_face, head_of_person, upper_half, without_covered
from .pixelation import pixelate

LOW_SCORE: Final = 0.15
"""People at least this likely get their heads covered: one too many costs little, one too few costs a face."""
FACE_SCORE: Final = 0.2
"""The least score at which a `FaceFinder` for masking should answer, for the same reason."""
_LONG_SIDE: Final = 640
_SHORT_SIDE: Final = 384
"""Faces are looked for in a picture brought to this size, upright or lying."""
_MOST_ENLARGED: Final = 4.0
_TILES_BELOW: Final = 0.75
"""A picture that had to be shrunk by more than this is looked at in four tiles too, so that small faces show."""
_TILE: Final = 0.55
"""Side of a tile, in shares of the picture's: neighbours overlap, so that a face on the seam is whole in one."""
_CLOSE_LOOK: Final = 224
"""The long side of a person's upper half as it is looked at, in pixels."""
_CLOSE_LOOK_GAIN: Final = 1.3
"""A closer look is taken where it shows the person at least so much larger than the looks before."""
_MOST_CLOSE_LOOKS: Final = 8


class FaceFinder(Protocol):
    """Finds faces, for hiding them alone. Called by one thread at a time."""

    def find(self, picture: Picture) -> list[Box]:
        """Faces in `picture`, looked for at its own size, in shares of it."""


class PeopleFinder(Protocol):
    """Finds people. Called by one thread at a time."""

    def find(self, picture: Picture, min_score: float) -> list[Box]:
        """Persons, as far as they are visible, that score at least `min_score` (0 to 1), in shares of `picture`."""


class MaskingFailed(SharpEyesError):
    """Nobody can say where the heads are, so the picture must not be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class MaskedPicture:
    """A picture that may be kept and shown."""

    picture: Picture
    boxes: tuple[Box, ...]
    """What was made coarse."""


class Masker:
    """Covers the heads in pictures of any size. One thread at a time, as its finders.

    Faces are looked for in the whole picture and, closer, in the upper halves of the people in it; the heads of all
    people found are covered even where no face shows.
    """

    def __init__(self, faces: FaceFinder, people: PeopleFinder) -> None:
        self._faces = faces
        self._people = people

    def mask(self, picture: Picture, areas: Areas = ()) -> MaskedPicture:
        """`picture` with `areas` black and every head coarse.

        Heads are looked for in all of it: of somebody at the edge of an area one half alone may pass for nobody. But
        what is made coarse is black there already, so that no block spreads what lies in an area. Raises
        `MaskingFailed` where the finders cannot do their work.
        """
        boxes = self.find_heads(picture)
        masked = pixelate(black_out(picture, areas), boxes)
        # What still passes for a face is covered too, be it the pattern that the edge of a covered part makes.
        left = self._find_faces(masked, [_whole(picture)])
        return MaskedPicture(black_out(pixelate(masked, left), areas), without_covered([*boxes, *left]))

    def find_heads(self, picture: Picture) -> tuple[Box, ...]:
        """What has to be covered in `picture`. Raises `MaskingFailed`."""
        if picture.ndim != 3 or not picture.size:
            raise MaskingFailed(f"the masker failed: an array of shape {picture.shape} is no picture")
        try:
            people = self._people.find(picture, LOW_SCORE)
        except Exception as error:
            raise _failed(error) from error
        aspect = picture.shape[1] / picture.shape[0]
        bodies = [head_of_person(person, aspect) for person in people]
        return without_covered([*self._find_faces(picture, _looks(picture, people)), *bodies])

    def _find_faces(self, picture: Picture, looks: Iterable[tuple[Box, float]]) -> list[Box]:
        """The heads around all faces that these looks show."""
        try:
            return [head_around_face(face) for part, scale in looks for face in self._look(picture, part, scale)]
        except Exception as error:
            raise _failed(error) from error

    def _look(self, picture: Picture, part: Box, scale: float) -> Iterator[Box]:
        """Faces in `part` of `picture`, seen `scale` times as large, in shares of the whole picture."""
        height, width = picture.shape[:2]
        left, top, right, bottom = (round(side) for side in part.pixels(width, height))
        seen = picture[top:bottom, left:right]
        if seen.size == 0:
            return
        size = max(1, round(seen.shape[1] * scale)), max(1, round(seen.shape[0] * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        for face in self._faces.find(np.asarray(cv2.resize(seen, size, interpolation=how), np.uint8)):
            across, down = (right - left) / width, (bottom - top) / height
            yield Box(
                left / width + face.left * across,
                top / height + face.top * down,
                left / width + face.right * across,
                top / height + face.bottom * down,
            )


def _failed(error: Exception) -> MaskingFailed:
    """Whatever went wrong in a finder: the picture is not masked, and must not pass for it."""
    return MaskingFailed(f"the masker failed: {error}")


def _whole(picture: Picture) -> tuple[Box, float]:
    """All of the picture, and how many times as large it is to be seen."""
    height, width = picture.shape[:2]
    long, short = max(height, width), min(height, width)
    return Box(0, 0, 1, 1), min(_LONG_SIDE / long, _SHORT_SIDE / short, _MOST_ENLARGED)


def _looks(picture: Picture, people: Iterable[Box]) -> Iterator[tuple[Box, float]]:
    """Parts of the picture to look for faces in, each with how many times as large it is to be seen."""
    height, width = picture.shape[:2]
    whole, scale = _whole(picture)
    yield whole, scale
    if scale < _TILES_BELOW:
        scale = min(scale / _TILE, 1.0)
        for left in (0.0, 1 - _TILE):
            for top in (0.0, 1 - _TILE):
                yield Box(left, top, left + _TILE, top + _TILE), scale
    looks = 0
    for part in sorted(map(upper_half, people), key=lambda part: part.area, reverse=True):
        closer = min(_CLOSE_LOOK / max(part.width * width, part.height * height, 1.0), _MOST_ENLARGED)
        if closer >= scale * _CLOSE_LOOK_GAIN and looks < _MOST_CLOSE_LOOKS:
            looks += 1
            yield part, closer
