"""The installed program, driven from outside: its processes, its HTTP answers, its files."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from .admin_key import admin_key
from .parent_death import die_with_parent
from .ports import free_port
from .slowness import SLOWNESS
from .waiting import wait_for

PROGRAM = Path(sys.executable).with_name("sharp-eyes")
STREET = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]


def run_command(
    *arguments: str, timeout_s: float = 120.0, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`sharp-eyes ARGUMENTS`, run to its end; `environment` is added to ours. `timeout_s`: see `slowness`."""
    return subprocess.run(
        [str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        timeout=SLOWNESS * timeout_s,
        env={**os.environ, **(environment or {})},
        check=False,
    )


class Running:
    """`sharp-eyes run` on a data folder."""

    def __init__(self, data: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.log = data.parent / f"{data.name}.log"
        self._environment = {
            **os.environ,
            "SHARP_EYES_DATA": str(data),
            "SHARP_EYES_API__PORT": str(self.port),
            **(environment or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._key: str | None = None

    @property
    def key(self) -> str:
        """An API key of a city admin. The database must have its tables."""
        if self._key is None:
            self._key = admin_key(self.database_url)
        return self._key

    @property
    def database_url(self) -> str:
        """Where the program keeps its record."""
        sqlite = f"sqlite:///{(self.data / 'sharp-eyes.db').resolve()}"
        return self._environment.get("SHARP_EYES_DATABASE", sqlite)

    def start(self, **environment: str) -> "Running":
        self.launch(**environment)
        wait_for(self.is_ready, "the program is ready", 180)
        return self

    def launch(self, part: str = "run", **environment: str) -> "subprocess.Popen[bytes]":
        """Begin, without waiting for anything: the whole, or the `api` or a `worker` alone; with options."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(PROGRAM), *part.split()],
                stdout=log,
                stderr=log,
                env={**self._environment, **environment},
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        return self.process

    def stop(self) -> int | None:
        """Ask it to stop; the exit code."""
        if self.process is None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(30 * SLOWNESS)
        finally:
            self.kill()

    def kill(self) -> None:
        """kill -9 of everything: the supervisor and its children."""
        if self.process is not None:
            children = self.children()
            self.process.kill()
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            self.process.wait()
            self.process = None
            wait_for(lambda: not any(is_alive(pid) for pid in children), "the children are dead", 40)

    def children(self) -> list[int]:
        """The processes that the supervisor has started."""
        if self.process is None:
            return []
        threads = Path(f"/proc/{self.process.pid}/task")
        try:
            return [int(pid) for thread in threads.iterdir() for pid in (thread / "children").read_text().split()]
        except FileNotFoundError:
            return []

    def child(self, name: str) -> int | None:
        """The process id of the `api` or the `worker`."""
        for pid in self.children():
            with suppress(FileNotFoundError, ProcessLookupError):  # it may end just now
                if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    return pid
        return None

    def kill_child(self, name: str) -> int:
        """kill -9 of the `api` or the `worker`; the process id it had."""
        pid = wait_for(lambda: self.child(name), f"the {name} runs", 40)
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_ready(self) -> bool:
        try:
            return bool(self.get("/readyz")["status"] == "ready")
        except (OSError, HTTPException, AssertionError):
            return False

    def get(self, path: str) -> Any:
        """The JSON at `path`. Raises `AssertionError` for another status than 200, `OSError` where nobody answers."""
        return json.loads(self.get_bytes(path))

    def get_bytes(self, path: str) -> bytes:
        status, body = self.ask("GET", path)
        assert status == 200, f"{path}: {status} {body[:500]!r}"
        return body

    def send(self, method: str, path: str, body: object) -> Any:
        """The JSON that comes back. Raises `AssertionError` for a status that is no success."""
        status, answer = self.ask(method, path, json.dumps(body).encode())
        assert 200 <= status < 300, f"{method} {path}: {status} {answer[:500]!r}"
        return json.loads(answer) if answer else None

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body, whatever they are. Signed in, but for the routes that answer anybody."""
        headers = {"Content-Type": "application/json"}
        if path not in ("/healthz", "/readyz"):
            headers["Authorization"] = f"Bearer {self.key}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20 * SLOWNESS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def add_camera(self, name: str, url: str, labels: list[str] | None = None) -> int:
        """Register a camera that watches for people and vehicles; its number."""
        rule = {"name": "street", "labels": labels or STREET, "min_duration_s": 0.5}
        camera = self.send("POST", "/api/v1/cameras", {"name": name, "streams": [{"url": url}], "rules": [rule]})
        return int(camera["id"])

    def events(self) -> list[dict[str, Any]]:
        """All events, newest first, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(f"/api/v1/events?limit=200{cursor}")
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    def events_made(self) -> float:
        """How many events the workers have begun; -1 where it does not say."""
        made = self.of_workers("sharp_eyes_events_made_total")
        return sum(made) if made else -1

    def of_workers(self, metric: str) -> list[float]:
        """What each worker that answers measures; of a metric without other labels."""
        lines = self.get_bytes("/metrics").decode().splitlines()
        return [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f'{metric}{{worker="')]

    def camera(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/api/v1/cameras/{number}")
        return found

    def state(self, number: int) -> str | None:
        """The state of the camera's detect stream."""
        status = self.camera(number)["status"]
        return str(status["state"]) if status else None


def is_alive(pid: int) -> bool:
    """Whether the process runs (one that ended and was not waited for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
