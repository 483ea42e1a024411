"""Exports that are under way: a few at once, each sent piece by piece for as long as it may go on."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import SharpEyesError

from .places import EXPORTS, Places
from .streaming import Line, hang_up, run_until

MOST_AT_ONCE: Final = 8
MOST_OF_ONE: Final = 2
"""Of one person or key."""
_READING: Final = 2
"""So many read at a time: the others' threads and connections are for those who look."""
_SENT_AT_ONCE: Final = 65_536
_log = logging.getLogger(__name__)


class ExportDesk(Places):
    """The places for exports."""

    def __init__(self, *, at_once: int = MOST_AT_ONCE, of_one: int = MOST_OF_ONE) -> None:
        super().__init__(EXPORTS, at_once=at_once, of_one=of_one)
        self.reading = anyio.CapacityLimiter(_READING)
        """Whoever reads a piece takes one of its tokens."""


class ExportStream(Response):
    """Sends a file piece by piece. Where it may not go on it ends without HTTP's end, by which the client knows that
    the file is not whole."""

    def __init__(
        self,
        desk: ExportDesk,
        place: ExitStack,
        cut_off: asyncio.Event,
        begin: str,
        read_on: Callable[[], str | None],
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        """`place` is closed when the answer has ended. `read_on` answers the next piece after `begin`, in the thread
        pool; None: there is none."""
        super().__init__(media_type=media_type, headers={"Cache-Control": "no-store", **headers})
        del self.headers["Content-Length"]
        self._desk = desk
        self._place = place
        self._cut_off = cut_off
        self._begin = begin
        self._read_on = read_on
        self._is_whole = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            line = Line(send)
            await run_until(lambda: self._tell(line), hang_up(receive), self._cut_off.wait, line.broken.wait)
            if self._is_whole:
                await send({"type": "http.response.body", "body": b""})

    async def _tell(self, line: Line) -> None:
        try:
            text: str | None = self._begin
            while text is not None:
                told = text.encode()
                for start in range(0, len(told), _SENT_AT_ONCE):
                    await line.say(told[start : start + _SENT_AT_ONCE])
                text = await to_thread.run_sync(self._read_on, limiter=self._desk.reading)
            self._is_whole = True
        except SharpEyesError as error:
            # The answer has begun, so it cannot become a problem any more.
            _log.warning("an export ends before its end: %s", error)
