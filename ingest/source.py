"""An open stream: packets as they arrive, and the decoder that fits them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import av
import av.bitstream
import av.error
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from core.stream_state import StreamState

from .faults import StreamFault
from .hardware import decoder_on
from .parameters import StreamParameters, parameter_sets
from .settings import ReaderSettings

CODECS = ("h264", "hevc", "mpeg4", "mjpeg")
"""The decoders that camera streams need. Each further one is code that strangers' bytes could reach."""


class Tunnel(Protocol):
    """What must be closed together with the stream that runs through it."""

    def close(self) -> None: ...


@dataclass(slots=True, eq=False)
class Source:
    """A stream that was opened with success. For one thread."""

    container: InputContainer
    video: VideoStream
    decoder: VideoCodecContext
    """Takes what `packets` gives: the container's own, or another of the same codec, on hardware perhaps."""
    parameters: StreamParameters
    declared_fps: float | None
    tunnel: Tunnel | None = None
    _annex_b: av.bitstream.BitStreamFilterContext | None = field(default=None, repr=False)

    def packets(self) -> Iterator["av.Packet[VideoStream]"]:
        """The packets of the video, as they arrive, H.264 and H.265 in Annex B form; it ends where the stream ends.

        Raises PyAV's errors: `ExitError` where nothing arrived within the read timeout.
        """
        for packet in self.container.demux(self.video):
            if not packet.size:
                continue
            if self._annex_b is None:
                yield packet
            else:
                yield from self._annex_b.filter(packet)

    def close(self) -> None:
        self.container.close()
        if self.tunnel is not None:
            self.tunnel.close()


def source_of(
    container: InputContainer, connection: int, settings: ReaderSettings, tunnel: Tunnel | None = None
) -> Source:
    """The video in an open container. Raises `StreamFault`: no video, a codec or a size that is not allowed."""
    video = container.streams.best("video")
    if not isinstance(video, VideoStream):
        others = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing at all"
        raise StreamFault(StreamState.NO_VIDEO, f"there is no video, only: {others}")
    # PyAV's types hide it, but there is no context where FFmpeg has no decoder.
    decoder: VideoCodecContext | None = video.codec_context
    if decoder is None or decoder.name not in CODECS:
        found = "none that is known" if decoder is None else decoder.name
        raise StreamFault(StreamState.UNREADABLE, f"the codec is {found}; expected one of {', '.join(CODECS)}")
    check_size(decoder.width, decoder.height, settings)
    annex_b = _annex_b_filter(video)
    # The filter puts the parameter sets before each key frame; the file's own would have a decoder expect lengths.
    headers = b"" if annex_b is not None else decoder.extradata or b""
    decoder = decoder_on(decoder, headers, settings.hardware_decoding)
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str(settings.largest_picture_px)}
    return Source(
        container,
        video,
        decoder,
        StreamParameters(
            connection=connection,
            codec=video.codec_context.name,
            width=video.codec_context.width,
            height=video.codec_context.height,
            time_base=video.time_base or Fraction(1, 90_000),
            headers=headers,
            reorder=video.codec_context.reorder_depth,
        ),
        declared_fps=float(video.average_rate) if video.average_rate else None,
        tunnel=tunnel,
        _annex_b=annex_b,
    )


def check_size(width: int, height: int, settings: ReaderSettings) -> None:
    """Raises `StreamFault` (unreadable) where a picture is larger than the settings allow. 0 is: not known yet."""
    if max(width, height) > settings.largest_side_px or width * height > settings.largest_picture_px:
        raise StreamFault(
            StreamState.UNREADABLE,
            f"its pictures are {width}x{height}; at most {settings.largest_side_px} a side and "
            f"{settings.largest_picture_px} pixels are read",
        )


def _annex_b_filter(video: VideoStream) -> av.bitstream.BitStreamFilterContext | None:
    """Files keep H.264 and H.265 with lengths instead of start codes."""
    extradata = video.codec_context.extradata or b""
    name = video.codec_context.name
    if name not in ("h264", "hevc") or not extradata or parameter_sets(name, extradata):
        return None
    return av.bitstream.BitStreamFilterContext(f"{name}_mp4toannexb", video)
