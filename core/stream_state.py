"""How a stream is doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .camera import StreamId
from .ids import CameraId


class StreamState(StrEnum):
    """What a reader is doing, or what keeps it from doing it."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALLED = "stalled"
    """Connected, but nothing arrives any more."""
    DISCONNECTED = "disconnected"
    """The camera ended the stream, or the network did."""
    REFUSED = "refused"
    """Nobody listens there, or the camera turned us away for good."""
    UNREACHABLE = "unreachable"
    """No answer from that address, or no such host."""
    UNAUTHORISED = "unauthorised"
    NOT_FOUND = "not_found"
    """The camera has no stream of that path."""
    UNTRUSTED = "untrusted"
    """rtsps: the certificate is not valid, or not the pinned one."""
    NO_VIDEO = "no_video"
    UNREADABLE = "unreadable"
    """What arrives is no stream, or cannot be decoded."""
    QUARANTINED = "quarantined"
    """Not opened any more: it was being decoded in three crashes of a worker."""
    FINISHED = "finished"
    """A file was read to its end."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class StreamCounters:
    """What a stream has brought since its reader started."""

    connections: int = 0
    """How often it was opened with success."""
    packets: int = 0
    bytes: int = 0
    frames: int = 0
    """Pictures decoded."""
    broken: int = 0
    """Packets that could not be decoded."""
    looked_at: int = 0
    """Pictures that a detector looked at."""
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Pictures not looked at, by reason."""


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """A stream's state, since when, and why, in words that a person understands and that hide every secret."""

    camera: CameraId
    stream: StreamId
    state: StreamState
    since: datetime
    reason: str
    counters: StreamCounters = field(default_factory=StreamCounters)
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    next_try_at: datetime | None = None
