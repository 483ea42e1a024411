"""Colour pictures: from frames, and from files of many kinds."""

from pathlib import Path

import cv2
import numpy as np

from core.colour import yuv_to_bgr
from core.errors import BadInput
from core.frame import Frame, Picture, Plane

from .picture_size import picture_size

LARGEST_FILE_BYTES = 200_000_000
LARGEST_PICTURE_PX = 100_000_000
LARGEST_SIDE_PX = 16_384


def picture_of(frame: Frame, *, size: tuple[int, int] | None = None) -> Picture:
    """The whole frame in colour: shape (height, width, 3), uint8, blue, green, red; by its own range and matrix.

    `size` (width, height) gives a smaller one, which costs less than to convert all and shrink then.
    """
    size = size or (frame.width, frame.height)
    luma, chroma_u, chroma_v = (_resized(plane, size) for plane in (frame.luma, frame.chroma_u, frame.chroma_v))
    picture = cv2.transform(cv2.merge((luma, chroma_u, chroma_v)), yuv_to_bgr(frame.range, frame.matrix))
    return np.asarray(picture, np.uint8)


def read_picture(path: Path) -> Picture:
    """The picture in a file, in colour, turned as its EXIF says: shape (height, width, 3), uint8, blue, green, red.

    Grey becomes colour, 16 bits a channel become 8, CMYK is converted, transparency is dropped. Raises `BadInput`,
    naming the file, where it is missing, empty, cut off, no picture, or too large; its size is read from its header
    before any of it is decoded.
    """
    data = _read(path)
    try:
        width, height = picture_size(data)
    except BadInput as error:
        raise BadInput(f"{path} cannot be read: {error.message}", field="path") from None
    if not 0 < width <= LARGEST_SIDE_PX or not 0 < height <= LARGEST_SIDE_PX or width * height > LARGEST_PICTURE_PX:
        raise BadInput(
            f"{path} claims to be a picture of {width}x{height}; expected 1 to {LARGEST_SIDE_PX} a side and at most "
            f"{LARGEST_PICTURE_PX} pixels",
            field="path",
        )
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        picture = None
    if picture is None:
        raise BadInput(f"{path} begins like a picture, but is damaged or cut off", field="path")
    return np.asarray(picture, np.uint8)


def _resized(plane: Plane, size: tuple[int, int]) -> cv2.typing.MatLike:
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    smaller = plane.shape[1] > size[0]
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}", field="path") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder; expected a picture", field="path") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", field="path") from None
    if len(data) > LARGEST_FILE_BYTES:
        raise BadInput(f"{path} has more than {LARGEST_FILE_BYTES} bytes, which is the most that is read", field="path")
    if not data:
        raise BadInput(f"{path} is empty", field="path")
    return data
