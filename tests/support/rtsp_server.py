"""A real RTSP server over a folder of clips, for tests: `aio-rtsp-toolkit`, which needs nothing but PyPI."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .parent_death import die_with_parent
from .ports import free_port
from .waiting import wait_for


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
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent()
        )
        self._process = process
        wait_for(lambda: process.poll() is not None or self._listens(), "the RTSP server listens or ends")
        if process.returncode is not None:
            raise RuntimeError(f"the RTSP server ended with {process.returncode} before it listened on {self.port}")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

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
