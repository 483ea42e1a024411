"""How a connection's bytes become requests: uvicorn's way, with bounds to what one client may hold."""

import asyncio
from dataclasses import replace
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from .guards import SECURITY_HEADERS
from .problems import Kind, problem


class BoundedProtocol(H11Protocol):
    """One connection.

    It is hung up on where a whole request does not come within uvicorn's `timeout_keep_alive`, however busily the
    client sends, and where there are more than `limit_concurrency` connections: each takes one of the files that the
    process may have open. What is no HTTP is answered with a problem.
    """

    _due: asyncio.TimerHandle | None = None
    _has_left = False
    """Whether the connection is a WebSocket's now."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The client has connected."""
        super().connection_made(transport)
        if self.limit_concurrency is not None and len(self.connections) > self.limit_concurrency:
            transport.abort()
        # uvicorn's own answer to too many is a bare 503, past all guards and without their headers.
        self.limit_concurrency = None
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        super().data_received(data)
        if not self._has_left:
            self._watch()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """The whole request has come, and another protocol takes the connection over, with pings of its own."""
        self._stop_watch()
        self._has_left = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._stop_watch()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with a problem, where no other answer has begun, and hang up."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = problem(Kind.BAD_REQUEST, "the request is no proper HTTP", headers=SECURITY_HEADERS)
            headers = [*answer.raw_headers, (b"connection", b"close")]
            events: list[Any] = [
                h11.Response(status_code=answer.status_code, headers=headers, reason=b"Bad Request"),
                h11.Data(data=bytes(answer.body)),
                h11.EndOfMessage(),
            ]
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """While a request is being answered its route has the say; else the client must send a whole one in time.

        uvicorn's own watch begins after an answer, and ends with the next byte.
        """
        if self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY):
            self._stop_watch()
        elif self._due is None:
            self._due = self.loop.call_later(self.timeout_keep_alive, self._give_up)

    def _give_up(self) -> None:
        self._due = None
        if self.transport.get_write_buffer_size():
            self._watch()  # its answer is still on the way to it
        else:
            self.transport.abort()

    def _stop_watch(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None


class QuietSocket(WebSocketsSansIOProtocol):
    """One WebSocket, whose client has nothing to say, and must not fill the memory with saying it.

    Also, an answer of HTTP to who asked for one is an end in good order, which uvicorn logs as an error.
    """

    async def send(self, message: Any) -> None:
        """Send something to the client."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True

    def pause_writing(self) -> None:
        """The client does not read what is sent. Each of its pings would be answered all the same, into memory."""
        super().pause_writing()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        if not self.read_paused:  # by a message, which waits for the route
            self.transport.resume_reading()

    def handle_text(self, event: Frame) -> None:
        """The client says something: the first piece of it is enough, and endlessly many, each empty, are not kept."""
        super().handle_text(replace(event, fin=True))

    def handle_bytes(self, event: Frame) -> None:
        """The same."""
        super().handle_bytes(replace(event, fin=True))
