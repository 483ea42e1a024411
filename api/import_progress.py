"""Server-sent events: how far an import is."""

from collections.abc import Callable
from typing import Final

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import SharpEyesError
from registry.imports.records import ENDED

from .import_views import ImportView
from .streaming import hang_up, run_until

_EVERY_S: Final = 0.3
_HEARTBEAT_EVERY: Final = 30
"""So many looks without news, and the client is told that somebody is still there."""
_PATIENCE_S: Final = 30.0


class ProgressStream(Response):
    """Sends an import whenever it has got on, until it has ended, the client hangs up or the server stops."""

    media_type = "text/event-stream"

    def __init__(self, look: Callable[[], ImportView], is_stopping: Callable[[], bool]) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._look = look
        self._is_stopping = is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await run_until(lambda: self._tell(send), hang_up(receive))
        with anyio.move_on_after(1.0):
            await send({"type": "http.response.body", "body": b""})

    async def _tell(self, send: Send) -> None:
        told: ImportView | None = None
        silent = 0
        while not self._is_stopping():
            try:
                found = await to_thread.run_sync(self._look)
            except SharpEyesError:
                return  # the answer has begun: it ends, and the client comes back
            silent += 1
            if found != told:
                await _say(send, f"event: import\ndata: {found.model_dump_json()}\n\n")
                told, silent = found, 0
            elif silent >= _HEARTBEAT_EVERY:
                await _say(send, ": still here\n\n")
                silent = 0
            if found.state in ENDED:
                return
            await anyio.sleep(_EVERY_S)


async def _say(send: Send, message: str) -> None:
    with anyio.fail_after(_PATIENCE_S):
        await send({"type": "http.response.body", "body": message.encode(), "more_body": True})
