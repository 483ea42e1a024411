"""A real RTSP server over a folder of clips, for tests: `aio-rtsp-toolkit`, which needs nothing but PyPI."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_START_S = 20.0


def free_port() -> int:
    """A TCP port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], deadline_s: float = _START_S) -> None:
    """Wait until `process` listens on `port`. Raises `RuntimeError` where it ends before, or does not in time."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it listened on {port}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port} after {deadline_s} s")


class RtspServer:
    """The server's process; it can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str, *, loop: bool = True) -> str:
        """The address of the clip `name`, played again and again, or once."""
        return f"rtsp://127.0.0.1:{self.port}/{name}" + ("?play_count=0" if loop else "")

    def add(self, clip: Path, name: str | None = None) -> str:
        """Publish a clip; its address."""
        target = self.folder / (name or clip.name)
        if not target.exists():
            shutil.copyfile(clip, target)
        return self.url(target.name)

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("rtsp-server")), "--dir", str(self.folder)]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--control-port", str(free_port())]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self._process)

    def kill(self) -> None:
        """End it without a word to its clients, as a crash or a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def start_rtsp_server(folder: Path, clips: Iterable[Path] = ()) -> Iterator[RtspServer]:
    """A server that publishes `clips`, copied into `folder`; killed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    server = RtspServer(folder)
    for clip in clips:
        server.add(clip)
    server.start()
    try:
        yield server
    finally:
        server.kill()
