"""Looking at a stream for some seconds: how it is encoded, and what that means for watching it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Final

import av
import av.error
from av.video.frame import PictureType
from av.video.stream import VideoStream

from core.attention import Attention
from core.camera import Login, Stream
from core.frame import Picture
from core.ids import CameraId
from core.stream_state import StreamState

from .decoding import key_frames_suffice
from .faults import StreamFault
from .frames import frame_of
from .opening import open_source
from .pictures import picture_of
from .settings import ReaderSettings
from .source import Source

WATCHED_S: Final = 6.0
"""For so long a stream is watched at least."""
LONGEST_S: Final = 15.0
"""And no longer than that for a second and a third key frame."""
_KEY_FRAMES: Final = 4
_MOST_DECODED: Final = 60
_TEST_PICTURE_PX: Final = 1280
_JUMP_BACK_S: Final = -2.0
_JUMP_AHEAD_S: Final = 5.0
_OFF_PACE: Final = 0.1
_LARGE_WIDTH: Final = 1280
_MANY_FPS: Final = 12.0
_MANY_BITS: Final = 4_000_000
_PLAYED_PROFILES: Final = frozenset({"Baseline", "Constrained Baseline", "Main", "Extended", "High"})


class DecodePolicy(StrEnum):
    """How much of a stream is decoded while nothing moves."""

    KEY_FRAMES = "key_frames"
    """Key frames alone, which costs a tenth."""
    ALL = "all"
    """Every picture: key frames come too seldom, or the camera's attention says so."""


class StreamClock(StrEnum):
    """How the times that the camera puts on its pictures run, beside ours."""

    STEADY = "steady"
    JUMPS = "jumps"
    """They go back, or ahead, by seconds."""
    OFF_PACE = "off_pace"
    """Seconds of the camera are more than a tenth longer or shorter than ours."""
    UNKNOWN = "unknown"
    """The pictures carry no times, or there were too few."""


class Hint(StrEnum):
    """What could be better about a stream."""

    USE_SUBSTREAM = "use_substream"
    FEWER_PICTURES = "fewer_pictures"
    KEY_FRAMES_MORE_OFTEN = "key_frames_more_often"
    NO_B_FRAMES = "no_b_frames"
    H264_FOR_BROWSERS = "h264_for_browsers"
    LESS_BITRATE = "less_bitrate"
    SOUND_IS_NOT_KEPT = "sound_is_not_kept"
    CLOCK = "clock"


HINTS: Final = {
    Hint.USE_SUBSTREAM: "detection needs no more than 640x360: give the role detect to the camera's substream",
    Hint.FEWER_PICTURES: "five pictures a second are enough to detect by: set fewer at the camera, for this stream",
    Hint.KEY_FRAMES_MORE_OFTEN: "let the camera send a key frame each second (its GOP or I-frame interval): then a "
    "quiet camera costs a tenth, and clips and live views begin sooner",
    Hint.NO_B_FRAMES: "switch B-frames off at the camera: they delay each picture",
    Hint.H264_FOR_BROWSERS: "set H.264 at the camera for the stream that is shown: browsers do not play this one",
    Hint.LESS_BITRATE: "set a lower bit rate at the camera for this stream: detection gains nothing by it",
    Hint.SOUND_IS_NOT_KEPT: "the camera sends sound with its pictures; it is neither fetched nor kept",
    Hint.CLOCK: "see the camera's clock and its network: the times on its pictures do not run like ours",
}
"""What each hint says, to a person."""


@dataclass(frozen=True, slots=True)
class Playing:
    """Whether a browser plays a stream as it is, and why."""

    plays: bool
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What was found of a stream."""

    codec: str
    """FFmpeg's name: h264, hevc, mpeg4, mjpeg."""
    profile: str | None
    width: int
    """Pixels; `height` likewise."""
    height: int
    fps: float | None
    """Pictures a second, as they came; None for fewer than two."""
    declared_fps: float | None
    group_s: float | None
    """Seconds from a key frame to the next, at the longest; None where fewer than two were seen."""
    bits_per_second: int | None
    has_b_frames: bool
    sound: str | None
    """The codec of the sound that comes along."""
    clock: StreamClock
    watched_s: float
    playing: Playing
    policy: DecodePolicy
    hints: tuple[Hint, ...]
    picture: Picture | None
    """One picture, in colour, unmasked: for the masker alone."""


def probe(
    stream: Stream,
    login: Login | None,
    settings: ReaderSettings,
    attention: Attention,
    *,
    watched_s: float = WATCHED_S,
    monotonic: Callable[[], float] = time.monotonic,
) -> Probe:
    """Open `stream`, whose address was checked, and watch it for `watched_s`, and up to 15 s for a fourth key frame.

    Raises `StreamFault` where it cannot be opened, or brings nothing.

    It runs libav on a stranger's bytes: in a process of its own.
    """
    source = open_source(stream, login, settings, 1, with_sound=True)
    try:
        watched = _Watched(source, monotonic, watched_s)
        watched.watch()
        return _judged(source, watched, attention)
    finally:
        source.close()


class _Watched:
    """What came while a stream was watched."""

    def __init__(self, source: Source, monotonic: Callable[[], float], watched_s: float) -> None:
        self._source = source
        self._watched_s = watched_s
        self._monotonic = monotonic
        self._time_base = float(source.parameters.time_base)
        self.packets = 0
        self.bytes = 0
        self.times: list[float] = []
        """Of the packets, in the order of their coming, in seconds."""
        self.keys: list[float] = []
        self.has_b_frames = source.decoder.reorder_depth > 0
        self.picture: Picture | None = None
        self._decoded = 0
        self.elapsed_s = 0.0

    def watch(self) -> None:
        """Raises `StreamFault` where nothing came at all."""
        began = self._monotonic()
        try:
            for packet in self._source.packets():
                self._take(packet)
                self.elapsed_s = self._monotonic() - began
                if self._is_enough():
                    return
        except av.error.FFmpegError:
            pass  # what came before tells enough, if there was any
        self.elapsed_s = self._monotonic() - began
        if not self.packets:
            raise StreamFault(StreamState.STALLED, "it was opened, but no packet came")

    @property
    def media_s(self) -> float:
        """Seconds that what came lasts, by the camera's times; jumps left out."""
        return sum(step for step in self.steps if _JUMP_BACK_S <= step <= _JUMP_AHEAD_S)

    @property
    def steps(self) -> list[float]:
        """Seconds from each packet to the next: with B-frames some are negative."""
        return [later - earlier for earlier, later in pairwise(self.times)]

    def _is_enough(self) -> bool:
        # A file brings its seconds faster than they pass.
        seconds = max(self.elapsed_s, self.media_s)
        return seconds >= LONGEST_S or (seconds >= self._watched_s and len(self.keys) >= _KEY_FRAMES)

    def _take(self, packet: "av.Packet[VideoStream]") -> None:
        self.packets += 1
        self.bytes += packet.size
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None:
            self.times.append(stamp * self._time_base)
            if packet.is_keyframe:
                self.keys.append(stamp * self._time_base)
        if self._decoded < _MOST_DECODED and (self._decoded or packet.is_keyframe):
            self._decode(packet)

    def _decode(self, packet: "av.Packet[VideoStream]") -> None:
        self._decoded += 1
        try:
            pictures = self._source.decoder.decode(packet)
        except av.error.FFmpegError:
            return
        for picture in pictures:
            self.has_b_frames |= picture.pict_type == PictureType.B
            if self.picture is None and not picture.is_corrupt:
                self.picture = _in_colour(picture)


def _in_colour(picture: av.VideoFrame) -> Picture:
    frame = frame_of(picture, CameraId(0), at=datetime.fromtimestamp(0, UTC), arrived=0.0, pts=0, time_base=Fraction(1))
    scale = min(1.0, _TEST_PICTURE_PX / max(frame.width, frame.height))
    return picture_of(frame, size=(max(1, round(frame.width * scale)), max(1, round(frame.height * scale))))


def _judged(source: Source, watched: _Watched, attention: Attention) -> Probe:
    context = source.decoder
    sound = source.container.streams.best("audio")
    media_s = watched.media_s
    shown = [later - earlier for earlier, later in pairwise(sorted(set(watched.times)))]
    fps = round(1 / median(shown), 1) if shown else None
    bits = round(watched.bytes * 8 / media_s) if media_s > 0 else None
    gaps = [later - earlier for earlier, later in pairwise(watched.keys) if 0 < later - earlier <= LONGEST_S]
    group_s = round(max(gaps), 2) if gaps else None
    clock = _clock(watched, is_file=source.tunnel is None and source.container.format.name != "rtsp")
    suffices = group_s is not None and key_frames_suffice(attention, timedelta(seconds=group_s))
    playing = _playing(context.name, context.profile, source.video.codec_context.pix_fmt)
    found = Probe(
        codec=source.parameters.codec,
        profile=context.profile,
        width=context.width,
        height=context.height,
        fps=fps,
        declared_fps=None if source.declared_fps is None else round(source.declared_fps, 2),
        group_s=group_s,
        bits_per_second=bits,
        has_b_frames=watched.has_b_frames,
        sound=None if sound is None else sound.codec_context.name,
        clock=clock,
        watched_s=round(max(watched.elapsed_s, media_s), 1),
        playing=playing,
        policy=DecodePolicy.KEY_FRAMES if suffices else DecodePolicy.ALL,
        hints=(),
        picture=watched.picture,
    )
    return _with_hints(found)


def _clock(watched: _Watched, *, is_file: bool) -> StreamClock:
    if len(watched.times) < 2:
        return StreamClock.UNKNOWN
    steps = watched.steps
    if min(steps) < _JUMP_BACK_S or max(steps) > _JUMP_AHEAD_S:
        return StreamClock.JUMPS
    if is_file or watched.elapsed_s < WATCHED_S / 2:
        return StreamClock.STEADY
    off = abs(watched.media_s / watched.elapsed_s - 1)
    return StreamClock.OFF_PACE if off > _OFF_PACE else StreamClock.STEADY


def _playing(codec: str, profile: str | None, pixel_format: str | None) -> Playing:
    match codec:
        case "h264" if profile is None or profile in _PLAYED_PROFILES:
            return Playing(True, "H.264 is played by every browser")
        case "h264":
            return Playing(False, f"browsers do not play H.264 in the profile {profile} ({pixel_format})")
        case "hevc":
            return Playing(False, "most browsers play no H.265, or only on some hardware")
        case _:
            return Playing(False, f"browsers do not play {codec} in a stream")


def _with_hints(found: Probe) -> Probe:
    hints = {
        Hint.USE_SUBSTREAM: found.width > _LARGE_WIDTH,
        Hint.FEWER_PICTURES: (found.fps or 0) > _MANY_FPS,
        Hint.KEY_FRAMES_MORE_OFTEN: found.policy is DecodePolicy.ALL,
        Hint.NO_B_FRAMES: found.has_b_frames,
        Hint.H264_FOR_BROWSERS: not found.playing.plays,
        Hint.LESS_BITRATE: (found.bits_per_second or 0) > _MANY_BITS,
        Hint.SOUND_IS_NOT_KEPT: found.sound is not None,
        Hint.CLOCK: found.clock in (StreamClock.JUMPS, StreamClock.OFF_PACE),
    }
    return replace(found, hints=tuple(hint for hint, holds in hints.items() if holds))
