"""From a picture of any size to what a network takes, and back from its pixels to shares of the picture.

A frame is shrunk plane by plane and becomes colour only when it is small; the way from Y, U, V to blue, green, red and
the network's own normalisation are both affine, so they are one step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.colour import yuv_to_bgr
from core.errors import BadInput
from core.frame import ColourMatrix, ColourRange, Frame, Picture, Plane
from models.card import CardInput, ColourOrder, Letterbox
from models.size import Size

from .decoding.candidates import Floats

Matrix = npt.NDArray[np.float64]
"""Shape (3, 4): from three planes (and a constant 1) to the network's three channels."""

_MOST_TENSORS = 8


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies in a network's input of `size`, in pixels."""

    size: Size
    left: int
    top: int
    width: int
    height: int

    def shares(self, boxes: Floats) -> Floats:
        """Boxes in pixels of the input as boxes in shares of the picture, cut at its edges; shape (n, 4) both."""
        corner = np.array([self.left, self.top, self.left, self.top], np.float32)
        sides = np.array([self.width, self.height, self.width, self.height], np.float32)
        shares: Floats = np.clip((boxes - corner) / sides, 0, 1)
        return shares


def place(width: int, height: int, size: Size, letterbox: Letterbox) -> Placement:
    """How a picture of `width` x `height` pixels fits into `size` without changing its shape."""
    scale = min(size.width / width, size.height / height)
    wide = min(size.width, max(1, round(width * scale)))
    high = min(size.height, max(1, round(height * scale)))
    if letterbox is Letterbox.TOP_LEFT:
        return Placement(size, 0, 0, wide, high)
    return Placement(size, (size.width - wide) // 2, (size.height - high) // 2, wide, high)


class InputMaker:
    """Makes a network's input. One for each thread: it uses its tensors again and again."""

    def __init__(self, card: CardInput) -> None:
        self._card = card
        self._tensors: dict[Placement, Floats] = {}
        self._of_colours = _normalisation(card)

    def make(self, picture: Picture | Frame, size: Size | None = None) -> tuple[Floats, Placement]:
        """The input for `picture`, shape (1, 3, height, width), and where the picture lies in it.

        `size` overrides the card's choice. The tensor holds good until the next call. Raises `BadInput` for an array
        that is no picture.
        """
        if isinstance(picture, Frame):
            height, width = picture.luma.shape
        else:
            height, width = _shape(picture)
        placement = place(width, height, size or self._card.size.size_for(width, height), self._card.letterbox)
        tensor = self._tensor(placement)
        inside = tensor[
            0,
            :,
            placement.top : placement.top + placement.height,
            placement.left : placement.left + placement.width,
        ]
        if isinstance(picture, Frame):
            planes = [_shrink(p, placement) for p in (picture.luma, picture.chroma_u, picture.chroma_v)]
            matrix = self._of_planes(picture.range, picture.matrix)
        else:
            planes = [np.asarray(plane, np.uint8) for plane in cv2.split(_shrink(picture, placement))]
            matrix = self._of_colours
        for channel, row in zip(inside, matrix, strict=True):
            _mix(planes, row, channel)
        return tensor, placement

    def _of_planes(self, colour_range: ColourRange, matrix: ColourMatrix) -> Matrix:
        to_colours = np.vstack([yuv_to_bgr(colour_range, matrix), [0, 0, 0, 1]])
        of_planes: Matrix = self._of_colours @ to_colours
        return of_planes

    def _tensor(self, placement: Placement) -> Floats:
        """A tensor whose edges are padded already. Filling 400,000 fresh floats would cost more than using old ones."""
        tensor = self._tensors.get(placement)
        if tensor is None:
            if len(self._tensors) >= _MOST_TENSORS:
                del self._tensors[next(iter(self._tensors))]
            edge = self._of_colours @ [self._card.pad, self._card.pad, self._card.pad, 1]
            tensor = np.empty((1, 3, placement.size.height, placement.size.width), np.float32)
            tensor[...] = edge.reshape(1, 3, 1, 1)
            self._tensors[placement] = tensor
        return tensor


def _normalisation(card: CardInput) -> Matrix:
    """From blue, green, red, 1 to the network's channels."""
    std, mean = np.array(card.std), np.array(card.mean)
    order = [0, 1, 2] if card.colours is ColourOrder.BGR else [2, 1, 0]
    matrix = np.zeros((3, 4))
    matrix[range(3), order] = 1 / std
    matrix[:, 3] = -mean / std
    return matrix


def _shrink(plane: Plane | Picture, placement: Placement) -> npt.NDArray[np.uint8]:
    wanted = (placement.width, placement.height)
    if plane.shape[1::-1] == wanted:
        return plane
    return np.asarray(cv2.resize(plane, wanted, interpolation=cv2.INTER_LINEAR), np.uint8)


def _mix(planes: Sequence[Plane], row: npt.NDArray[np.float64], channel: Floats) -> None:
    """Fill `channel` with the sum of the planes, weighted by `row`, plus its last number.

    In two or three passes of OpenCV straight into the tensor: half the time of a matrix product and a transposition.
    """
    *weights, offset = (float(number) for number in row)
    used = [(plane, weight) for plane, weight in zip(planes, weights, strict=True) if weight]
    (plane, weight), *more = used
    other, its_weight = more.pop(0) if more else (plane, 0.0)
    cv2.addWeighted(plane, weight, other, its_weight, offset, dst=channel, dtype=cv2.CV_32F)
    for plane, weight in more:
        cv2.addWeighted(channel, 1, plane, weight, 0, dst=channel, dtype=cv2.CV_32F)


def _shape(picture: Picture) -> tuple[int, int]:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or not picture.size:
        raise BadInput(
            f"expected a picture of height x width x 3, uint8; found {picture.shape}, {picture.dtype}", field="picture"
        )
    return int(picture.shape[0]), int(picture.shape[1])
