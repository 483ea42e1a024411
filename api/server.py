"""The HTTP servers of both processes: uvicorn in a thread, on a socket that is bound before anything starts."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from core.errors import Unavailable

from .http_protocol import BoundedProtocol, QuietSocket
from .listening import own_url

_START_TIMEOUT_S = 30.0
_LONGEST_MESSAGE_BYTES = 1024
"""From a client of a WebSocket: nothing is to be said to one."""
_MOST_UNSENT_BYTES = 262_144


class HttpServer:
    """Serves one app until it is stopped. Signals are the caller's business.

    Raises `Unavailable` where the address cannot be had.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        stop_timeout_s: int = 5,
        most_connections: int = 256,
        patience_s: int = 10,
        on_stopping: Callable[[], None] = lambda: None,
        setting: str = "api.port",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`patience_s`: how long a client may take to send a request's head, and six times that to read an answer.
        `setting` is the one that names `port`. Without `tls` it is plain HTTP."""
        self._socket = _bind(host, port, setting, unread_s=6 * patience_s)
        self.host = host
        self._has_tls = tls is not None
        self.port: int = self._socket.getsockname()[1]
        """The port that was bound: where `port` was 0, the one that the system chose."""
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            ws=QuietSocket,
            ws_max_size=_LONGEST_MESSAGE_BYTES,
            ws_per_message_deflate=False,  # what is sent is compressed already
            http=BoundedProtocol,
            limit_concurrency=most_connections,
            timeout_keep_alive=patience_s,
            timeout_graceful_shutdown=stop_timeout_s,
        )
        self._server = _Server(config, on_stopping, tls)
        self._thread = threading.Thread(target=self._run, name=f"http-{self.port}", daemon=True)
        self._stop_timeout_s = stop_timeout_s
        self._up = threading.Event()
        self._server.on_started = self._up.set

    @property
    def url(self) -> str:
        """Where it answers; a server that listens everywhere, at this machine's own address."""
        return own_url(self.host, self.port, tls=self._has_tls)

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Return once requests are answered. Raises `Unavailable` if that does not happen."""
        self._thread.start()
        self._up.wait(_START_TIMEOUT_S)
        if not self._server.started:
            raise Unavailable(f"the HTTP server at {self.url} did not start", hint="the log says why")

    def stop(self) -> None:
        """Answer what is under way, at most for `stop_timeout_s`, and close."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(self._stop_timeout_s + 10)
        self._socket.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except SystemExit:  # how uvicorn says that the app did not start; it has logged why
            pass
        finally:
            self._up.set()


class _Server(uvicorn.Server):
    """uvicorn waits for open answers before it tells the app to stop: endless streams must hear of it earlier.

    It also gives clients a minute to begin TLS, in which they count as no connection yet: here they have no longer than
    for a request's head.
    """

    def __init__(self, config: uvicorn.Config, on_stopping: Callable[[], None], tls: ssl.SSLContext | None) -> None:
        super().__init__(config)
        self._on_stopping = on_stopping
        self._tls = tls
        self.on_started: Callable[[], None] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._tls is None:
            await super().startup(sockets)
        else:
            await super().startup([])
            if self.started:
                await self._listen(self._tls, sockets or [])
        self.on_started()

    async def _listen(self, tls: ssl.SSLContext, sockets: list[socket.socket]) -> None:
        loop = asyncio.get_running_loop()
        patience_s = self.config.timeout_keep_alive
        for listener in sockets:
            server = await loop.create_server(
                self._protocol,
                sock=listener,
                ssl=tls,
                backlog=self.config.backlog,
                ssl_handshake_timeout=patience_s,
                ssl_shutdown_timeout=patience_s,
            )
            self.servers.append(server)

    def _protocol(self) -> asyncio.Protocol:
        return BoundedProtocol(self.config, self.server_state, self.lifespan.state, asyncio.get_running_loop())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stopping()
        await super().shutdown(sockets)


def _bind(host: str, port: int, setting: str, *, unread_s: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named in full: asyncio switches Nagle's delay off only for sockets that say that they are TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it: the system drops a client that reads nothing of what was sent to it for so
        # long. Nobody else would, since such a client keeps even a connection open that was closed here.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unread_s * 1000)
        # One that has vanished while nothing is sent to it is asked whether it is there; that time limit counts for it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, unread_s)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, max(1, unread_s // 4))
        # Inherited likewise: what a slow client of a live view has not fetched must not pile up in the system's
        # buffers, or what it is shown would be old.
        if (unsent := getattr(socket, "TCP_NOTSENT_LOWAT", None)) is not None:
            listener.setsockopt(socket.IPPROTO_TCP, unsent, _MOST_UNSENT_BYTES)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"port {port} of {host} cannot be listened on: {error.strerror}",
            hint=f"stop what listens there, or set another {setting} in sharp-eyes.toml (0 takes a free one)",
        ) from None
    return listener
