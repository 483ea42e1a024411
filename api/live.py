"""`/cameras/{id}/live`: masked pictures as they come, for an `<img>` or any program that reads MJPEG."""

from typing import Final

import anyio
from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from core.access import Right
from core.live_part import LiveKind, LivePart

from .answers import CameraInPath
from .caller import Who
from .live_view import LiveView
from .problems import Kind, documented
from .streaming import Line, hang_up
from .worker_link import Rendition

router = APIRouter(prefix="/api/v1/cameras", tags=["media"])

_BOUNDARY: Final = "sharp-eyes-picture"
_NEXT: Final = f"--{_BOUNDARY}\r\n".encode()
_LAST_WORDS_S: Final = 1.0
_TYPE: Final = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"


@router.get(
    "/{camera}/live",
    response_class=Response,
    responses={
        200: {
            "description": "JPEG pictures, each in a part of its own, for as long as they are taken.",
            "content": {"multipart/x-mixed-replace": {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented(Kind.NOT_FOUND, Kind.BAD_INPUT),
    },
)
async def live_pictures(request: Request, who: Who, camera: CameraInPath) -> Response:
    """The camera's pictures as they come, masked, at most five a second: who is slower loses some, and sees the newest.

    It ends when the right or the session does, or the camera is removed. 404 while nobody reads the camera, 503 while
    no worker runs or too many look.
    """
    view = LiveView(request.app, who, camera, Rendition.MASKED, Right.LIVE)
    await view.begin()
    return _Pictures(view)


class _Pictures(Response):
    """Sends the newest picture of `view` each time that the client has taken the one before."""

    media_type = _TYPE

    def __init__(self, view: LiveView) -> None:
        # A proxy that collects the answer before it passes it on would make it late.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._view = view
        self._newest = b""
        self._came = anyio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._view:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            line = Line(send)
            await self._view.run(self._put, lambda: self._tell(line), left=hang_up(receive), slow=line.broken.wait)
            with anyio.move_on_after(_LAST_WORDS_S):
                await send({"type": "http.response.body", "body": b""})

    async def _put(self, part: LivePart) -> None:
        if part.kind is LiveKind.PICTURE:
            self._newest = part.data
            self._came.set()

    async def _tell(self, line: Line) -> None:
        await line.say(_NEXT)
        while True:
            await self._came.wait()
            self._came = anyio.Event()
            # Browsers show a picture once the boundary of the next one has come, so it goes along.
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(self._newest)}\r\n\r\n".encode()
            await line.say(head + self._newest + b"\r\n" + _NEXT)
            self._view.shown += 1
