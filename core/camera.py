"""Cameras and their streams."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from .camera_facts import CameraFacts
from .ids import CameraId

DepartmentId = NewType("DepartmentId", int)
StreamId = NewType("StreamId", int)


class StreamRole(StrEnum):
    """What a camera's stream is for."""

    DETECT = "detect"
    RECORD = "record"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Camera:
    """A device at a place, owned by a department."""

    id: CameraId
    name: str
    department: DepartmentId
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """A camera with all that the registry knows of it."""

    camera: Camera
    facts: CameraFacts
    revision: int
    """Counts the changes of the record, from 1: what an `ETag` shows."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One encoded feed of a camera."""

    id: StreamId
    camera: CameraId
    role: StreamRole
    url: str
    """Scheme, host, port and path: never a user name or a password."""
    pinned_certificate: str | None = None
    """For rtsps: SHA-256 of the camera's own certificate (64 hex digits), where no authority vouches for it."""


@dataclass(frozen=True, slots=True)
class Login:
    """What opens a stream: user name, password, and secrets of the address itself. Its text form hides all secrets."""

    user: str
    password: str = field(repr=False)
    tokens: tuple[str, ...] = field(default=(), repr=False)
    """Values of `?token=` and its like, in the order of the `***` that stand for them in the address."""

    @property
    def names_user(self) -> bool:
        """Whether there is a user name or a password, not tokens alone."""
        return bool(self.user or self.password)
