"""Decoding on hardware: which devices work here, and decoders on them that give pictures in ordinary memory."""

import io
import logging
from dataclasses import dataclass
from functools import cache
from typing import cast

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.codec.codec import UnknownCodecError
from av.codec.context import CodecContext
from av.codec.hwaccel import HWAccel, hwdevices_available
from av.video.codeccontext import VideoCodecContext

from .settings import HardwareDecoding

_log = logging.getLogger(__name__)

_WITH_DECODERS_OF_THEIR_OWN = ("qsv", "amf")
"""Devices that FFmpeg reaches through decoders called after them; the others serve its own decoders."""
_FRAMES, _WIDTH, _HEIGHT = 8, 320, 240
_MOST_OFF = 4.0
"""How far the brightness of a picture may be off on average, of 255: H.264 leaves a decoder no choice at all."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a device."""

    device: str
    fault: str | None
    """Why it does not work; None where it decoded a clip as the processor does."""


def try_devices() -> list[Trial]:
    """Tries every device that FFmpeg names, on a clip made in memory."""
    return [try_device(device) for device in hwdevices_available()]


@cache
def try_device(device: str) -> Trial:
    """Decodes a short H.264 clip on `device`, once for each process: hardware and drivers stay as they are."""
    known = hwdevices_available()
    if device not in known:
        return Trial(device, f"FFmpeg here was built without it; it has {', '.join(known) or 'none'}")
    try:
        found = _luma(_a_clip(), device)
    except av.error.FFmpegError as error:
        return Trial(device, f"it cannot be used ({error.strerror}): no such hardware, or no driver for it")
    except NotImplementedError:
        return Trial(device, "FFmpeg here decodes no H.264 on it")
    expected = _luma(_a_clip(), None)
    if expected.shape != found.shape or np.abs(expected - found).mean() > _MOST_OFF:
        return Trial(device, "what it decodes is not what the processor decodes")
    return Trial(device, None)


@cache
def device_for(wanted: HardwareDecoding) -> str | None:
    """The device that `wanted` means here; None for the processor. Logs once where that is not what was wanted."""
    if wanted is HardwareDecoding.OFF:
        return None
    trials = try_devices() if wanted is HardwareDecoding.AUTO else [try_device(wanted)]
    working = next((trial.device for trial in trials if trial.fault is None), None)
    if working is None:
        faults = "; ".join(f"{trial.device}: {trial.fault}" for trial in trials) or "FFmpeg here has no devices"
        _log.warning("streams are decoded by the processor, not by %s: %s", wanted, faults)
    return working


def decoder_on(software: VideoCodecContext, headers: bytes, wanted: HardwareDecoding) -> VideoCodecContext:
    """A decoder on the device that `wanted` means, else on the processor: `software`, or another with `headers`.

    `software` is the container's own; `headers` are those that the packets go with, none where they bring them along.
    The pictures lie in ordinary memory, those of a device mostly as NV12.
    """
    device = device_for(wanted)
    if device is not None:
        try:
            # What the device cannot decode (a profile, a size), FFmpeg decodes in software by itself.
            return make_decoder(software.name, headers, device)
        except av.error.FFmpegError as error:
            _log.warning("a stream is decoded by the processor: %s takes no more of them (%s)", device, error.strerror)
        except NotImplementedError:
            pass  # It does not know the codec, which is no news.
    return software if headers == (software.extradata or b"") else make_decoder(software.name, headers)


def make_decoder(
    codec: str, headers: bytes, device: str | None = None, *, allow_software: bool = True
) -> VideoCodecContext:
    """A decoder for a stream of `codec`, on `device` (None: the processor).

    Raises `NotImplementedError` where the device does not decode that codec, PyAV's errors where it cannot be had.
    """
    name = f"{codec}_{device}" if device in _WITH_DECODERS_OF_THEIR_OWN else codec
    try:
        known = av.Codec(name, "r")
    except UnknownCodecError:
        raise NotImplementedError(f"FFmpeg here has no decoder {name}") from None
    acceleration = None if device is None else HWAccel(device, allow_software_fallback=allow_software)
    decoder = cast(VideoCodecContext, CodecContext.create(known, "r", acceleration))
    if acceleration is not None and not decoder.is_hwaccel:
        acceleration.create(known)  # PyAV has kept the error to itself: this raises it
        raise NotImplementedError(f"{name} does not run on {device}")
    if headers:
        decoder.extradata = headers
    return decoder


def _luma(clip: bytes, device: str | None) -> npt.NDArray[np.int16]:
    """Brightness of all pictures of `clip`, shape (n, height, width)."""
    pictures = []
    with av.open(io.BytesIO(clip), "r") as container:
        video = container.streams.video[0]
        software = video.codec_context
        decoder = make_decoder(software.name, software.extradata or b"", device, allow_software=False)
        for packet in container.demux(video):
            pictures += decoder.decode(packet if packet.size else None)
    return np.stack([picture.to_ndarray(format="gray").astype(np.int16) for picture in pictures])


@cache
def _a_clip() -> bytes:
    """A bar that wanders over a slope, as MP4."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        for number in range(_FRAMES):
            picture = np.tile(np.linspace(30, 220, _WIDTH, dtype=np.uint8), (_HEIGHT, 1))
            picture[:, number * 20 : number * 20 + 16] = 235
            frame = av.VideoFrame.from_ndarray(np.dstack([picture] * 3), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()
