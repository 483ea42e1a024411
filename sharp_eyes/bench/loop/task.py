"""What a contestant is to watch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Cameras that all show one clip. Its fields are such as JSON has."""

    clips: tuple[str, ...]
    """A camera each: a file, or the address of an RTSP stream."""
    fps: float
    """Of the clips."""
    detect_fps: float
    model: str
    """The model file."""
    sensitivity: str = "off"
    """Ours alone: the motion gate."""
    idle: str = "all"
    """Ours alone: how much is decoded while nothing moves."""
    looks: tuple[int, ...] = ()
    """The floor alone: so many pictures of each camera go through the network,"""
    seconds: float = 5.0
    """in so many seconds."""
