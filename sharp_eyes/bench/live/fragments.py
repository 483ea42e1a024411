"""Pieces of a live MP4 decoded as they come, as a player does, but without waiting for more than it needs."""

import struct
from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext

from core.errors import SharpEyesError

_HEAD: Final = 8
_FIXED: Final = 4
"""Bytes of `avcC` that stand before its name: its size."""


class Pieces:
    """Decodes one MP4 of H.264 with a picture in each fragment. For one thread."""

    def __init__(self) -> None:
        self._decoder: VideoCodecContext | None = None
        self.bytes = 0
        """So many came."""

    def decode(self, piece: bytes) -> list["np.ndarray[Any, Any]"]:
        """The pictures that `piece` completes, grey, each of shape (height, width), uint8.

        Raises `SharpEyesError` where a piece is no whole number of boxes, or cannot be decoded.
        """
        self.bytes += len(piece)
        made: list[np.ndarray[Any, Any]] = []
        for kind, data in _boxes(piece):
            if kind == b"moov":
                self._decoder = _decoder(data)
            elif kind == b"mdat":
                made += self._shown(data)
        return made

    def _shown(self, data: bytes) -> Iterator["np.ndarray[Any, Any]"]:
        if self._decoder is None:
            raise SharpEyesError("pictures came before the header of their MP4")
        try:
            frames = self._decoder.decode(av.Packet(data))
        except av.error.FFmpegError as error:
            raise SharpEyesError(f"a piece of the original cannot be decoded: {error}") from None
        for frame in frames:
            yield frame.to_ndarray(format="gray")


def grey_of_jpeg(data: bytes) -> "np.ndarray[Any, Any]":
    """The JPEG's picture, grey, of shape (height, width), uint8. Raises `SharpEyesError` where it is none."""
    decoder = av.CodecContext.create("mjpeg", "r")
    assert isinstance(decoder, VideoCodecContext)  # noqa: S101 - tells the type checker what mjpeg is
    try:
        (frame, *_) = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except (av.error.FFmpegError, ValueError) as error:
        raise SharpEyesError(f"a masked picture cannot be decoded: {error}") from None
    return frame.to_ndarray(format="gray")


def _decoder(moov: bytes) -> VideoCodecContext:
    at = moov.find(b"avcC") - _FIXED
    if at < 0:
        raise SharpEyesError("the header of the original tells of no H.264")
    (size,) = struct.unpack_from("!I", moov, at)
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)  # noqa: S101 - tells the type checker what h264 is
    decoder.extradata = moov[at + _HEAD : at + size]
    # A frame by thread queue would hold pictures back.
    decoder.thread_count = 1
    return decoder


def _boxes(piece: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(piece):
        if at + _HEAD > len(piece):
            raise SharpEyesError("a piece of the original ends within a box")
        size, kind = struct.unpack_from("!I4s", piece, at)
        if not _HEAD <= size <= len(piece) - at:
            raise SharpEyesError(f"a box of the original says that it has {size} bytes of {len(piece) - at}")
        yield kind, piece[at + _HEAD : at + size]
        at += size
