"""What is said of a stream that was probed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.attention import Attention
from core.camera import Login, Stream
from core.stream_state import StreamState
from core.zone import Polygon

from .fields import Body


class ProbeOrder(BaseModel):
    """Which stream is to be looked at; its address was checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Stream
    login: Login | None
    attention: Attention
    areas: tuple[Polygon, ...] = ()
    """What is black in its picture."""


class PlayingView(Body):
    """Whether a browser plays the stream as it is, and why."""

    plays: bool
    reason: str


class HintView(Body):
    """What could be better."""

    code: str
    text: str


class PictureView(Body):
    """One picture of the stream, masked."""

    jpeg: Annotated[str, Field(description="JPEG in base64.")]
    width: int
    height: int


class EncodingView(Body):
    """How the stream is encoded, and what that means."""

    codec: str = Field(examples=["h264"])
    profile: str | None
    width: int
    height: int
    fps: float | None = Field(description="Pictures a second, as they came.")
    declared_fps: float | None = Field(description="As the camera says.")
    group_s: float | None = Field(
        description="Seconds from a key frame to the next, at the longest; null where fewer than two came in time."
    )
    bits_per_second: int | None
    has_b_frames: bool
    sound: str | None = Field(description="The codec of the sound that comes along. It is neither fetched nor kept.")
    clock: str = Field(description="How the times on its pictures run: steady, jumps, off_pace, unknown.")
    watched_s: float
    browser: PlayingView
    policy: str = Field(
        description="How much is decoded while nothing moves: key_frames (a tenth of the work), or all."
    )
    hints: tuple[HintView, ...]


class ProbeView(Body):
    """What was found of a stream."""

    url: str = Field(description="Without login; *** stands where a token was.")
    state: StreamState = Field(description="live: pictures came. Anything else: what keeps it from that.")
    reason: str
    hint: str | None
    encoding: EncodingView | None = Field(description="null where the stream could not be opened.")
    picture: PictureView | None
    no_picture: str | None = Field(description="Why there is no picture. One that cannot be masked is not shown.")
