"""TLS for RTSP: a tunnel from a loopback port to a camera whose certificate was checked.

FFmpeg can neither pin a certificate nor hand TLS options to RTSP. So the connection is made and checked here, and
FFmpeg speaks plain RTSP into a random loopback port that accepts one connection. The camera sees the login as ever.
"""

import contextlib
import hashlib
import hmac
import select
import socket
import ssl
import threading

from core.stream_state import StreamState

from .faults import StreamFault

_CHUNK = 65_536
_LOOK_MS = 500
"""How often the pump looks whether it was closed."""


def connect_tls(host: str, port: int, pinned: str | None, timeout_s: float) -> ssl.SSLSocket:
    """A TLS connection to a camera whose certificate is the pinned one or, without a pin, vouched for by an authority
    of this system.

    Raises `StreamFault` (untrusted) for any other certificate; `OSError` as sockets do.
    """
    context = ssl.create_default_context()
    if pinned is not None:
        # The pin takes the authorities' place: it must be that very certificate, whoever signed it for whatever name.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    raw = socket.create_connection((host, port), timeout=timeout_s)
    try:
        connection = context.wrap_socket(raw, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raw.close()
        raise StreamFault(
            StreamState.UNTRUSTED,
            f"the certificate of {host}:{port} is not trusted: {error.verify_message}",
            hint="install the authority that signed it on this machine, or pin the camera's certificate (SHA-256)",
        ) from None
    except ssl.SSLError as error:
        raw.close()
        raise StreamFault(
            StreamState.UNREADABLE,
            f"{host}:{port} does not speak TLS as expected: {error.reason or 'handshake failed'}",
            hint="if the camera offers plain RTSP only, its address begins with rtsp://",
        ) from None
    except BaseException:
        raw.close()
        raise
    if pinned is not None:
        _check_pin(connection, host, port, pinned)
    return connection


def _check_pin(connection: ssl.SSLSocket, host: str, port: int, pinned: str) -> None:
    certificate = connection.getpeercert(binary_form=True) or b""
    found = hashlib.sha256(certificate).hexdigest()
    if not hmac.compare_digest(found.encode(), pinned.replace(":", "").lower().encode()):
        connection.close()
        raise StreamFault(
            StreamState.UNTRUSTED,
            f"the certificate of {host}:{port} has SHA-256 {found}, which is not the pinned one",
            hint="if the camera's certificate was renewed, pin the new one after checking it at the camera",
        )


class TlsTunnel:
    """Pumps between the one connection to its loopback `port` and a TLS connection, in a thread of its own."""

    def __init__(self, remote: ssl.SSLSocket, accept_timeout_s: float) -> None:
        self._remote = remote
        self._closed = threading.Event()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1)
        self._listener.settimeout(accept_timeout_s)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, name=f"tls-tunnel-{self.port}", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether nothing can pass any more: one of both sides has closed."""
        return self._ended.is_set()

    def close(self) -> None:
        """End both connections soon."""
        self._closed.set()

    def _run(self) -> None:
        try:
            with self._remote, contextlib.suppress(OSError):
                with self._listener:
                    local, _ = self._listener.accept()
                with local:
                    self._pump(local)
        finally:
            self._ended.set()

    def _pump(self, local: socket.socket) -> None:
        # One thread for both directions: an SSL connection must not be read and written by two at a time.
        self._remote.settimeout(0.0)
        local.settimeout(0.0)
        local.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        both = select.poll()
        both.register(local, select.POLLIN)
        both.register(self._remote, select.POLLIN)
        while not self._closed.is_set():
            ready = {number for number, _ in both.poll(_LOOK_MS)}
            if local.fileno() in ready:
                request = local.recv(_CHUNK)
                if not request:
                    return
                self._send_remote(request)
            if self._remote.fileno() in ready and not self._forward(local):
                return

    def _forward(self, local: socket.socket) -> bool:
        """Move all that TLS holds decrypted (which `poll` cannot see) to FFmpeg. False at the end of the stream."""
        while True:
            try:
                data = self._remote.recv(_CHUNK)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return True
            if not data:
                return False
            self._send_local(local, data)
            if not self._remote.pending():
                return True

    def _send_local(self, local: socket.socket, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._closed.is_set():
            if _ready(local, select.POLLOUT):
                view = view[local.send(view) :]

    def _send_remote(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._closed.is_set():
            try:
                view = view[self._remote.send(view) :]
            except ssl.SSLWantWriteError:
                _ready(self._remote, select.POLLOUT)
            except ssl.SSLWantReadError:
                _ready(self._remote, select.POLLIN)


def _ready(connection: socket.socket, event: int) -> bool:
    """Wait a little for `connection`. (`poll`, since `select` fails from the 1,024th open file on.)"""
    one = select.poll()
    one.register(connection, event)
    return bool(one.poll(_LOOK_MS))
