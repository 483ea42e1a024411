"""Decoded pictures as core frames, without copying where that is possible."""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

import av
import numpy as np

from core.frame import ColourMatrix, ColourRange, Frame, Plane
from core.ids import CameraId
from core.motion import Motion

_FULL_RANGE = 2
"""AVCOL_RANGE_JPEG."""
_BT709 = 1
"""AVCOL_SPC_BT709."""
_UNSPECIFIED = 2
"""AVCOL_SPC_UNSPECIFIED."""
_HD_LINES = 720


def frame_of(
    picture: av.VideoFrame,
    camera: CameraId,
    *,
    at: datetime,
    arrived: float,
    pts: int,
    time_base: Fraction,
    see: Callable[[Plane, datetime], Motion] | None = None,
) -> Frame:
    """`picture` as a frame. Its planes are read-only views of the decoder's own, which they keep alive.

    `see` says what moves in it, by its luma and its moment.
    Pixel formats other than 8-bit 4:2:0 (10 bits, 4:2:2, NV12, grey ...) are converted first, which copies.
    """
    full = picture.color_range == _FULL_RANGE or picture.format.name.startswith("yuvj")
    matrix = _matrix(picture)
    if not _is_planar_420(picture):
        picture = _converted(picture, full)
    luma = _plane(picture, 0)
    return Frame(
        camera=camera,
        at=at,
        arrived=arrived,
        pts=pts,
        time_base=time_base,
        luma=luma,
        chroma_u=_plane(picture, 1),
        chroma_v=_plane(picture, 2),
        is_key=picture.key_frame,
        range=ColourRange.FULL if full else ColourRange.LIMITED,
        matrix=matrix,
        motion=None if see is None else see(luma, at),
    )


def _matrix(picture: av.VideoFrame) -> ColourMatrix:
    if picture.colorspace == _UNSPECIFIED:
        return ColourMatrix.BT709 if picture.height >= _HD_LINES else ColourMatrix.BT601
    return ColourMatrix.BT709 if picture.colorspace == _BT709 else ColourMatrix.BT601


def _is_planar_420(picture: av.VideoFrame) -> bool:
    # A negative line size is a picture stored upside down.
    return picture.format.name in ("yuv420p", "yuvj420p") and all(plane.line_size > 0 for plane in picture.planes)


def _converted(picture: av.VideoFrame, full: bool) -> av.VideoFrame:
    # The range is named on both sides: FFmpeg would else squeeze full range pictures into the limited one.
    colour_range = "JPEG" if full else "MPEG"
    converted = picture.reformat(
        format="yuvj420p" if full else "yuv420p", src_color_range=colour_range, dst_color_range=colour_range
    )
    if converted.planes[0].line_size < 0:
        raise ValueError("the converted picture is stored upside down")
    return converted


def _plane(picture: av.VideoFrame, index: int) -> Plane:
    plane = picture.planes[index]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    view: Plane = lines[:, : plane.width]
    view.flags.writeable = False
    return view
