"""A real RTSP server on loopback, in a process of its own, which plays clips round and round."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from core.clock import Clock
from core.errors import NotFound, Unavailable

from .ports import free_port

_START_S = 15.0


@contextmanager
def serve_clips(folder: Path, log: Path, clock: Clock) -> Iterator[str]:
    """Serve the clips of `folder`; yields the URL they stand under. The server ends with the context.

    Raises `NotFound` where the server is not installed, `Unavailable` where it does not start.
    """
    if find_spec("aio_rtsp_toolkit") is None:
        raise NotFound(
            "the demo's RTSP server is missing: the package aio-rtsp-toolkit is not installed",
            hint="run `./run demo`, which installs it",
        )
    port = free_port("127.0.0.1")
    with log.open("ab") as output:
        server = subprocess.Popen(  # noqa: S603 - a module of our own, no shell
            [sys.executable, "-m", "sharp_eyes.demo.clip_server", str(folder), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_open(port, server, log, clock)
        yield f"rtsp://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(3)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def lay_out(clip: Path, folder: Path) -> str:
    """Put `clip` where the server finds it; the name it is served under."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"clip{clip.suffix.lower()}"
    shutil.copyfile(clip, folder / name)
    return name


def _wait_until_open(port: int, server: "subprocess.Popen[bytes]", log: Path, clock: Clock) -> None:
    deadline = clock.monotonic() + _START_S
    while clock.monotonic() < deadline:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        clock.sleep(0.05)
    raise Unavailable(f"the demo's RTSP server did not start; its log is {log}")
