"""Receivers of webhooks that behave, and that do not: real servers on loopback, all on one event loop of a thread."""

import asyncio
import json
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from .waiting import wait_for

HUGE = 4_000_000
"""Bytes of a huge answer."""


@dataclass(frozen=True)
class Got:
    """A request that came whole."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """One server. `mode` may be set from any thread, and holds from the next request on: `ok`, `hang`, `close` (half
    an answer), `break` (no answer at all), `drip`, `huge`, `crumbs` (one byte a chunk), or a status such as `500`."""

    mode: str = "ok"
    answer: bytes = b"thanks"
    headers: dict[str, str] = field(default_factory=dict)
    """Of its answers."""
    scheme: str = "http"
    host: str = "127.0.0.1"
    port: int = 0
    got: list[Got] = field(default_factory=list)
    at_once: int = 0
    """Requests that are open."""
    most_at_once: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/hook"

    @property
    def ids(self) -> Counter[str]:
        """How often each message came."""
        return Counter(one.id for one in list(self.got))

    def wait_for(self, count: int, timeout_s: float = 90.0) -> list[Got]:
        """What came, once that many requests have."""
        wait_for(lambda: len(self.got) >= count, f"{count} requests at {self.url}, not {len(self.got)}", timeout_s)
        return list(self.got)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(reader, writer):
                pass
        with suppress(OSError, asyncio.CancelledError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.got.append(Got(first.split(" ")[1], headers, body))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._behave(writer)
        finally:
            self.at_once -= 1

    async def _behave(self, writer: asyncio.StreamWriter) -> bool:
        match self.mode:
            case "hang":
                await asyncio.sleep(3_600)
            case "break":
                writer.transport.abort()
                return False
            case "close":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
                await writer.drain()
                writer.transport.abort()
                return False
            case "drip":
                for letter in b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc":
                    writer.write(bytes([letter]))
                    await writer.drain()
                    await asyncio.sleep(0.2)
            case "huge":
                writer.write(self._head(200, HUGE))
                for _ in range(HUGE // 1_000):
                    writer.write(b"x" * 1_000)
                    await writer.drain()
            case "crumbs":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 10_000)
            case "ok":
                writer.write(self._head(200, len(self.answer)) + self.answer)
            case status:
                writer.write(self._head(int(status), len(self.answer)) + self.answer)
        await writer.drain()
        return True

    def _head(self, status: int, length: int) -> bytes:
        more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"HTTP/1.1 {status} So\r\nContent-Length: {length}\r\n{more}\r\n".encode()


class Receivers:
    """Opens receivers, and closes them all at the end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="receivers", daemon=True)
        self._thread.start()

    def open(self, mode: str = "ok", *, tls: ssl.SSLContext | None = None, port: int = 0, **more: Any) -> Receiver:
        """A receiver on a port of its own; with `tls` it speaks HTTPS."""
        receiver = Receiver(mode, scheme="http" if tls is None else "https", **more)

        async def listen() -> asyncio.Server:
            return await asyncio.start_server(receiver.serve, "127.0.0.1", port, ssl=tls, limit=2**20)

        server = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)
        self._servers.append(server)
        receiver.port = server.sockets[0].getsockname()[1]
        return receiver

    def close(self) -> None:
        async def end() -> None:
            for server in self._servers:
                server.close()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@contextmanager
def open_receivers() -> Iterator[Receivers]:
    """Receivers until the context ends."""
    receivers = Receivers()
    try:
        yield receivers
    finally:
        receivers.close()
