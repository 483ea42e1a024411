"""Answers that take a while to send, and end when the client is gone."""

from collections.abc import Awaitable, Callable
from typing import Final

import anyio
from starlette.types import Receive, Send

_PATIENCE_S: Final = 30.0
"""How long a client may take to read what was sent before more can be."""
Wait = Callable[[], Awaitable[object]]


async def run_until(work: Wait, *ends: Wait) -> None:
    """Run `work` until it is done or one of `ends` returns, whichever comes first; the others are cancelled."""
    async with anyio.create_task_group() as group:

        async def first(wait: Wait) -> None:
            await wait()
            group.cancel_scope.cancel()

        for wait in (work, *ends):
            group.start_soon(first, wait)


def hang_up(receive: Receive) -> Wait:
    """Waits until the client has hung up."""

    async def wait() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return wait


class Line:
    """The way to a client, which breaks when the client does not read."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.broken = anyio.Event()

    async def say(self, message: bytes) -> None:
        """Send a part of the answer, which has begun."""
        with anyio.move_on_after(_PATIENCE_S) as waiting:
            await self._send({"type": "http.response.body", "body": message, "more_body": True})
        if waiting.cancelled_caught:
            self.broken.set()
            await anyio.sleep_forever()  # until the answer is ended, which cancels this
