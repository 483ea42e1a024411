"""Live cameras that show the time, in a process of their own: they encode each picture when it is made.

`python -m sharp_eyes.bench.live.cameras PICTURES...` prints the port as JSON and serves, over RTSP on loopback and
until its input ends, a camera for each of PICTURES, which says how many pictures lie from one key frame to the next:
`/25` is one. A server of clips would not do: what it sends was made long ago, and begins anew for each client.
"""

import json
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from fractions import Fraction
from queue import Full, Queue
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext

from .clock import FPS, HEIGHT, WIDTH, picture
from .rtp import Packets, description

_WAITING: Final = 100
"""So many pictures wait for a client; one that is slower is left."""


class Camera:
    """Makes pictures, whether somebody takes them or not."""

    def __init__(self, key_every: int) -> None:
        self._encoder = _encoder(key_every)
        self._lock = threading.Lock()
        self._clients: set[Queue[tuple[bytes, float] | None]] = set()
        self._has_begun = threading.Event()
        self._description = b""

    @property
    def description(self) -> bytes:
        """The SDP."""
        self._has_begun.wait()
        return self._description

    def join(self) -> "Queue[tuple[bytes, float] | None]":
        """What is sent from now on: pictures with their times in seconds; None: it is over for this client."""
        client: Queue[tuple[bytes, float] | None] = Queue(_WAITING)
        with self._lock:
            self._clients.add(client)
        return client

    def leave(self, client: "Queue[tuple[bytes, float] | None]") -> None:
        with self._lock:
            self._clients.discard(client)

    def run(self) -> None:
        """Make pictures for ever."""
        number, due = 0, time.monotonic()
        while True:
            at = time.monotonic()
            frame = av.VideoFrame.from_ndarray(picture(number, at), format="yuv420p")
            frame.pts = number
            for packet in self._encoder.encode(frame):
                self._send(bytes(packet), at)
            number, due = number + 1, due + 1 / FPS
            time.sleep(max(0.0, due - time.monotonic()))

    def _send(self, data: bytes, at: float) -> None:
        if not self._has_begun.is_set():
            self._description = description(data)
            self._has_begun.set()
        with self._lock:
            for client in list(self._clients):
                try:
                    client.put_nowait((data, at))
                except Full:
                    self._clients.discard(client)
                    client.get_nowait()
                    client.put_nowait(None)


def _encoder(key_every: int) -> VideoCodecContext:
    made = av.CodecContext.create("libx264", "w")
    assert isinstance(made, VideoCodecContext)  # noqa: S101 - tells the type checker what libx264 is
    made.width, made.height, made.pix_fmt, made.framerate = WIDTH, HEIGHT, "yuv420p", Fraction(FPS)
    made.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "x264-params": f"keyint={key_every}:min-keyint={key_every}:scenecut=0:repeat-headers=1",
    }
    made.thread_count = 1
    return made


class _Conversation(StreamRequestHandler):
    """RTSP with one client, its packets within the same connection."""

    server: "_Server"

    def handle(self) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            while (request := self._request()) is not None:
                method, path, sequence = request
                camera = self.server.cameras.get(path)
                if camera is None:
                    self._answer(sequence, "404 Not Found")
                elif method == "PLAY":
                    self._answer(sequence, "200 OK", "Session: 1")
                    self._play(camera)
                    return
                else:
                    self._tell(method, sequence, camera)

    def _tell(self, method: str, sequence: str, camera: Camera) -> None:
        match method:
            case "DESCRIBE":
                self._answer(sequence, "200 OK", "Content-Type: application/sdp", body=camera.description)
            case "SETUP":
                self._answer(sequence, "200 OK", "Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
            case _:
                self._answer(sequence, "200 OK", "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")

    def _play(self, camera: Camera) -> None:
        # What the client says meanwhile needs no answer: receiver reports, signs of life. It is known to have gone
        # when nothing can be sent to it any more.
        client, packets = camera.join(), Packets()
        try:
            while (sent := client.get()) is not None:
                self.connection.sendall(packets.of(*sent))
        finally:
            camera.leave(client)

    def _request(self) -> tuple[str, str, str] | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return None
            head += line
        method, url, *_ = head.decode().split()
        found = re.search(r"(?im)^cseq:\s*(\d+)", head.decode())
        path = url.removesuffix("/").removesuffix("/trackID=0").rpartition("/")[2]
        return method, path, found[1] if found else "0"

    def _answer(self, sequence: str, status: str, *headers: str, body: bytes = b"") -> None:
        lines = (f"RTSP/1.0 {status}", f"CSeq: {sequence}", *headers, f"Content-Length: {len(body)}", "", "")
        self.connection.sendall("\r\n".join(lines).encode() + body)


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, cameras: dict[str, Camera]) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.cameras = cameras


def serve(numbers: list[str]) -> None:
    """Serve a camera for each of these, until the standard input ends."""
    cameras = {number: Camera(int(number)) for number in numbers}
    for camera in cameras.values():
        threading.Thread(target=camera.run, daemon=True).start()
    server = _Server(cameras)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(server.server_address[1]), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1:])
