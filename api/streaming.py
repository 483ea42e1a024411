"""Answers that take a while to send, and end when the client is gone."""

from collections.abc import Awaitable, Callable

import anyio
from starlette.types import Receive

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
