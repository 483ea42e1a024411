"""Asks the system for the addresses of hosts."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread

Lookup = Callable[[str, int], Sequence[str]]
"""All addresses of a host, as texts; raises `OSError` where it has none. It may take as long as it likes."""


def look_up(host: str, port: int) -> Sequence[str]:
    """The `Lookup` of this machine."""
    found = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_ADDRCONFIG
    )
    return [str(address[0]) for *_, address in found]


class Names:
    """A `targets.Resolver`: asks for each host in a thread of its own, and for no host twice at a time.

    Names whose servers hang keep nobody else waiting, however many they are: a number of threads that all share would
    be taken by them, and receivers that work would seem to hang. Nor are they waited for when the process ends. For one
    event loop.
    """

    def __init__(self, lookup: Lookup = look_up) -> None:
        self._lookup = lookup
        self._asked: dict[str, asyncio.Future[Sequence[str]]] = {}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`. Raises `OSError` where it has none."""
        asked = self._asked.get(host)
        if asked is None:
            asked = self._asked[host] = self._ask(host, port)
            asked.add_done_callback(lambda done: self._told(host, done))
        return await asyncio.shield(asked)

    def _ask(self, host: str, port: int) -> "asyncio.Future[Sequence[str]]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[str]] = loop.create_future()

        def tell(found: Sequence[str] | None, error: Exception | None) -> None:
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found or ())

        def ask() -> None:
            found: Sequence[str] | None = None
            error: Exception | None = None
            try:
                found = self._lookup(host, port)
            except Exception as caught:
                error = caught
            with suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                loop.call_soon_threadsafe(tell, found, error)

        Thread(target=ask, name="names", daemon=True).start()
        return answer

    def _told(self, host: str, answer: "asyncio.Future[Sequence[str]]") -> None:
        del self._asked[host]
        # Where all who asked have given up, nobody hears of the error: asyncio would complain.
        if not answer.cancelled():
            answer.exception()
