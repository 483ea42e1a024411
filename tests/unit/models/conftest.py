"""Small models and servers to fetch them from."""

import hashlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

CONTENT = bytes(range(256)) * 40
"""What stands for the weights of a model here: the store does not look into them."""

CARD = """
name = "small"
about = "A model for tests"
task = "objects"
decoding = "yolox"
outputs = ["output"]
labels = ["person", "traffic light"]
min_score = 0.4
max_overlap = 0.65
licence = "Apache-2.0"
origin = "made here"
[input]
name = "images"
colours = "bgr"
mean = [0, 0, 0]
std = [1, 1, 1]
letterbox = "top_left"
pad = 114
size = {{ kind = "fixed", width = 416, height = 416 }}
[[accepted]]
sha256 = "{sha256}"
size_bytes = {size_bytes}
"""


def a_card(content: bytes = CONTENT) -> str:
    """The TOML text of a card that accepts `content`."""
    return CARD.format(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """An ONNX file (in name) and its card, outside of any store."""
    file, card = tmp_path / "given.onnx", tmp_path / "given.toml"
    file.write_bytes(CONTENT)
    card.write_text(a_card())
    return file, card


class Mirror(ThreadingHTTPServer):
    """A server of one file. `answer` may be replaced to misbehave; `asked` holds path and Range of each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = CONTENT
        self.asked: list[tuple[str, str | None]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = self.answer_well

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/models"

    def answer_well(self, request: BaseHTTPRequestHandler) -> None:
        start = int((request.headers.get("Range") or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if start >= len(self.content):
            request.send_response(416)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        request.send_header("Content-Length", str(len(self.content) - start))
        request.end_headers()
        request.wfile.write(self.content[start:])


class _Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range")))
        self.server.answer(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it so
        """Says nothing."""


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    server = Mirror()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
