"""Receivers of alerts, in a process of their own: they answer at once, answer 500, or never.

`python -m sharp_eyes.bench.alerts.receivers WELL FAILING HANGING` prints their ports as JSON, takes what comes until
its input ends, and prints then which messages came to those that answer, and when, by the machine's monotonic clock.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress

_OK = b"HTTP/1.1 204 Well\r\nContent-Length: 0\r\n\r\n"
_FAILED = b"HTTP/1.1 500 Not well\r\nContent-Length: 0\r\n\r\n"
_HANGS_S = 3_600.0

Arrivals = dict[str, list[float]]
"""By the id of the message, when it came, each time."""


async def receive(well: int, failing: int, hanging: int) -> None:
    """Open so many of each kind, until the standard input ends."""
    arrivals: Arrivals = {}
    servers = []
    for answer in [_OK] * well + [_FAILED] * failing + [None] * hanging:
        serve = _Serving(answer, arrivals)
        servers.append(await asyncio.start_server(serve, "127.0.0.1", 0))
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(arrivals), flush=True)


class _Serving:
    def __init__(self, answer: bytes | None, arrivals: Arrivals) -> None:
        self._answer = answer
        self._arrivals = arrivals

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                at = time.monotonic()
                lines = [line.partition(":") for line in head.decode().split("\r\n")]
                headers = {name.lower(): value.strip() for name, _, value in lines}
                await reader.readexactly(int(headers["content-length"]))
                if self._answer is None:
                    await asyncio.sleep(_HANGS_S)
                    return
                if self._answer is _OK:
                    self._arrivals.setdefault(headers["webhook-id"], []).append(at)
                writer.write(self._answer)
                await writer.drain()
        writer.close()


if __name__ == "__main__":
    asyncio.run(receive(*map(int, sys.argv[1:4])))
