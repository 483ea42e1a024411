"""The masked rendition of a clip: decoded, masked picture by picture, encoded again for browsers."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

import av
import av.error
from av.video.stream import VideoStream

from core.errors import BadInput
from core.frame import Frame, Picture
from core.ids import CameraId

from .clip_frames import frames_of
from .faults import StreamFault
from .pictures import picture_of
from .settings import ReaderSettings
from .source import CODECS, Source, source_of

Mask = Callable[[Picture, float], Picture]
"""Covers what must not be seen in a picture (blue, green, red) that is shown so many seconds after the first."""

_LARGEST_BYTES = 64_000_000
_MILLISECONDS = Fraction(1, 1000)
_NOBODY = CameraId(0)
_BT601 = 6
_LIMITED_RANGE = 1


@dataclass(frozen=True, slots=True)
class Rendition:
    """What was made."""

    seconds: float
    pictures: int
    width: int
    height: int
    bytes: int


def render(
    source: BinaryIO,
    sink: BinaryIO,
    mask: Mask,
    *,
    max_width: int = 640,
    max_fps: float = 10.0,
    progress: Callable[[float], None] = lambda share: None,
) -> Rendition:
    """Make the masked rendition of the clip in `source` (seekable) and write it to `sink`: H.264 in an MP4 whose index
    comes first, at most `max_width` wide and `max_fps` pictures a second. `progress` is told the share done, 0 to 1.

    Nothing is written before all pictures were masked: what `mask` raises is passed on, and `sink` stays empty.
    Raises `BadInput` where `source` is no clip that can be decoded.
    """
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    made = io.BytesIO()
    opened = _open(source)
    try:
        encoder = _Encoder(made, max_width, max_fps)
        due_s, last_s = 0.0, -1.0
        for frame in frames_of(opened, _NOBODY):
            # Half a millisecond of grace: times are rounded, and 10 pictures a second must not become 9. Cameras
            # that stamp pictures alike exist; an MP4 cannot show two at one time.
            if frame.arrived + 0.0005 >= due_s and frame.arrived - last_s >= 0.001:
                encoder.add(frame, mask)
                due_s, last_s = max(due_s, frame.arrived - 1 / max_fps) + 1 / max_fps, frame.arrived
            progress(min(1.0, source.tell() / max(size, 1)))
        rendition = encoder.finish()
    finally:
        opened.close()
    sink.write(made.getbuffer())
    return rendition


class _Encoder:
    """Masks and encodes pictures into memory; its first picture sets the size."""

    def __init__(self, made: io.BytesIO, max_width: int, max_fps: float) -> None:
        self._made = made
        self._max_width = max_width
        self._fps = Fraction(max_fps).limit_denominator(1000)
        self._container = av.open(
            made,
            "w",
            format="mp4",
            options={"movflags": "faststart"},
            io_open=lambda url, flags, options: _Reread(made),
        )
        self._stream: VideoStream | None = None
        self._pictures = 0
        self._last_s = 0.0

    def add(self, frame: Frame, mask: Mask) -> None:
        if self._stream is None:
            self._stream = self._begin(frame)
        width, height = self._stream.codec_context.width, self._stream.codec_context.height
        picture = mask(picture_of(frame, size=(width, height)), frame.arrived)
        if picture.shape != (height, width, 3):
            raise ValueError(f"the mask made {picture.shape} of a picture of {(height, width, 3)}")
        encoded = av.VideoFrame.from_ndarray(picture, format="bgr24")
        encoded.pts, encoded.time_base = round(frame.arrived / _MILLISECONDS), _MILLISECONDS
        self._container.mux(self._stream.encode(encoded))
        if self._made.tell() > _LARGEST_BYTES:
            raise BadInput(f"the clip's rendition grew beyond {_LARGEST_BYTES} bytes")
        self._pictures += 1
        self._last_s = frame.arrived

    def finish(self) -> Rendition:
        if self._stream is None:
            raise BadInput("the clip holds no picture that can be decoded")
        self._container.mux(self._stream.encode())
        context = self._stream.codec_context
        width, height = context.width, context.height
        self._container.close()
        seconds = self._last_s + float(1 / self._fps)
        return Rendition(seconds, self._pictures, width, height, len(self._made.getbuffer()))

    def _begin(self, frame: Frame) -> VideoStream:
        # H.264 in 4:2:0 has an even number of lines and columns.
        width = max(2, min(frame.width, self._max_width) // 2 * 2)
        height = max(2, round(frame.height * width / frame.width / 2) * 2)
        stream = self._container.add_stream(
            "libx264", rate=self._fps, options={"preset": "veryfast", "crf": "26", "bf": "0"}
        )
        assert isinstance(stream, VideoStream)  # noqa: S101 - tells the type checker what libx264 is
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.time_base = _MILLISECONDS
        context.thread_count = 1
        context.gop_size = max(1, round(2 * self._fps))
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
        return stream


class _Reread:
    """Reads what lies in memory, while it is still being written: how the muxer moves its index to the front."""

    def __init__(self, made: io.BytesIO) -> None:
        self._made = made
        self._at = 0

    def read(self, size: int) -> bytes:
        with self._made.getbuffer() as everything:
            part = bytes(everything[self._at : self._at + size])
        self._at += len(part)
        return part

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._made.getbuffer())}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at


def _open(source: BinaryIO) -> Source:
    try:
        container = av.open(
            source, "r", format="mov", options={"codec_whitelist": ",".join(CODECS), "protocol_whitelist": ""}
        )
    except (av.error.FFmpegError, ValueError):
        raise BadInput("the clip is no MP4 that can be read") from None
    try:
        return source_of(container, 1, ReaderSettings())
    except StreamFault as fault:
        container.close()
        raise BadInput(f"the clip cannot be decoded: {fault.message}") from None
