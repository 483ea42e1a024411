"""A byte relay between a reader and a server, to do to their connection what networks do."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes bytes on until it is told otherwise. Switches may be set from any thread and act at once."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._change: Callable[[bytes], bytes] | None = None
        self._is_down = False
        self.breaks_off = False
        """The next connection is closed when it has said something."""
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    def stall(self) -> None:
        """Pass nothing on any more, and close nothing."""
        self._flowing.clear()

    def go_on(self) -> None:
        """Pass everything on, unchanged."""
        self._change = None
        self._flowing.set()

    def garble(self, change: Callable[[bytes], bytes]) -> None:
        """Pass what the server sends through `change`."""
        self._change = change

    def cut(self) -> None:
        """Close all connections that pass through."""
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def go_down(self) -> None:
        """Close all connections, and every new one at once, as a server that is away behind a load balancer."""
        self._is_down = True
        self.cut()

    def come_up(self) -> None:
        """Let new connections pass again."""
        self._is_down = False

    def break_off_once(self) -> None:
        """Close all connections, and the next one as soon as it says something; those after it pass."""
        self.breaks_off = True
        self.cut()

    def close(self) -> None:
        self._listener.close()
        self._flowing.set()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._is_down:
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self._target_port), timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._open += [near, far]
                for source, sink, garbles in ((near, far, False), (far, near, True)):
                    threading.Thread(target=self._pump, args=(source, sink, garbles), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, garbles: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self.breaks_off and not garbles:
                    self.breaks_off = False
                    break
                self._flowing.wait()
                change = self._change
                sink.sendall(change(data) if garbles and change is not None else data)
        for connection in (source, sink):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay_to(port: int) -> Iterator[Relay]:
    """A relay to a port of this machine."""
    relay = Relay(port)
    try:
        yield relay
    finally:
        relay.close()


@contextmanager
def answer_with(answer: bytes, *, then_close: bool = True, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port where everybody who says something gets `answer`, in TLS if wanted; nothing at all where it is empty."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                held.append(connection)
                threading.Thread(target=reply, args=(connection,), daemon=True).start()

    def reply(connection: socket.socket) -> None:
        with suppress(OSError):
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
                held.append(connection)
            while connection.recv(4096):
                connection.sendall(answer)
                if then_close:
                    connection.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.close()
        for connection in held:
            connection.close()
