"""What a worker shows live, and how it goes over its port: parts, each with its kind and length before it."""

import struct
from collections.abc import Iterator
from typing import Final, Protocol

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import Unavailable
from core.ids import CameraId
from core.live_part import LiveKind, LivePart

from .streaming import Line, hang_up, run_until

MEDIA_TYPE: Final = "application/vnd.sharp-eyes.live"
_HEAD: Final = struct.Struct(">BI")
_LONGEST: Final = 32_000_000
"""Bytes of a part: a key frame of a large camera has a tenth of that."""
_WAIT_S: Final = 0.5
_SILENCE_S: Final = 1.0
"""After so long without a part the worker says that it is still there."""
_LAST_WORDS_S: Final = 1.0


class LiveView(Protocol):
    """What one viewer of one camera is shown. Called by one thread at a time."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes, since the camera is not watched here any more."""

    def next(self, timeout_s: float) -> LivePart | None:
        """The next part; None where none came within `timeout_s`, or it has ended."""

    def close(self) -> None:
        """Look no longer."""


class LiveFeed(Protocol):
    """Shows cameras live. Called from a pool of threads. Each view is closed by who asked for it."""

    def masked(self, camera: CameraId) -> LiveView | None:
        """Its masked pictures; None where it is not watched here. Raises `Unavailable` where too many look."""

    def original(self, camera: CameraId) -> LiveView | None:
        """Its own packets, as a fragmented MP4. The same, and `Unavailable` where its codec cannot be shown."""


class LiveAnswer(Response):
    """Sends the parts of `view`, which it closes, until it has ended or the client is gone."""

    media_type = MEDIA_TYPE

    def __init__(self, view: LiveView, threads: anyio.CapacityLimiter) -> None:
        super().__init__()
        del self.headers["Content-Length"]
        self._view = view
        self._threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            line = Line(send)
            await run_until(lambda: self._tell(line), hang_up(receive), line.broken.wait)
            with anyio.move_on_after(_LAST_WORDS_S):
                await send({"type": "http.response.body", "body": b""})
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._view.close)

    async def _tell(self, line: Line) -> None:
        await line.say(packed(LivePart(LiveKind.STILL_HERE)))
        silent_s = 0.0
        while True:
            part = await to_thread.run_sync(self._view.next, _WAIT_S, limiter=self._threads)
            if part is None and self._view.has_ended:
                return
            silent_s = 0.0 if part is not None else silent_s + _WAIT_S
            if part is None and silent_s >= _SILENCE_S:
                part, silent_s = LivePart(LiveKind.STILL_HERE), 0.0
            if part is not None:
                await line.say(packed(part))


def packed(part: LivePart) -> bytes:
    """The bytes of `part` as they are sent."""
    return _HEAD.pack(part.kind, len(part.data)) + part.data


class PartReader:
    """Finds the parts in the bytes that come."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[LivePart]:
        """The parts that are whole now. Raises `Unavailable` for what is none."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._buffer)
            if kind not in set(LiveKind) or length > _LONGEST:
                raise Unavailable("what the worker sends is no live view", hint="restart the worker")
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            part = LivePart(LiveKind(kind), bytes(self._buffer[_HEAD.size : end]))
            del self._buffer[:end]
            yield part
