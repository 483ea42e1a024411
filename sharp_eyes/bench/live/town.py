"""The program itself with live cameras, and somebody who may see them as they are."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from core.access import Role
from core.clock import SystemClock
from core.errors import SharpEyesError, Unavailable
from core.ids import CameraId
from core.stream_state import StreamState
from registry import cameras, departments, privacy_areas, streams
from registry.access import people, sessions
from registry.db import Database
from registry.departments import DEFAULT
from registry.listing import list_cameras

from ...demo.ports import free_port
from ...preparation import prepare
from ...settings import Settings
from ...supervisor import part
from ..readings import cpu_s
from .clock import COVERED

_HOST: Final = "127.0.0.1"
_COOKIE: Final = "sharp-eyes"
_START_S: Final = 120.0
_ANSWER_S: Final = 30.0
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Town:
    """The program, running."""

    port: int
    pid: int
    """Of the process that keeps the others."""
    token: str
    """Of the session of somebody who sees originals of their department."""
    cameras: dict[int, CameraId]
    """By the pictures from one key frame to the next."""

    @property
    def origin(self) -> str:
        return f"http://{_HOST}:{self.port}"

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{_COOKIE}={self.token}"}

    def cpu_s(self) -> float:
        """Processor time that all of the program's processes have taken."""
        return sum(cpu_s(pid) for pid in (self.pid, *_children(self.pid)))

    def unmask(self, camera: CameraId) -> int:
        """The number of an unmasking of `camera`. Raises `SharpEyesError` where it is refused."""
        body = json.dumps({"reason": "the benchmark reads its clock"})
        headers = {**self.cookie, "Origin": self.origin, "Content-Type": "application/json"}
        connection = HTTPConnection(_HOST, self.port, timeout=_ANSWER_S)
        try:
            connection.request("POST", f"/api/v1/cameras/{camera}/unmaskings", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != 201:
            raise SharpEyesError(f"an unmasking was answered by {answer.status}: {text[:300]!r}")
        return int(json.loads(text)["id"])


@contextmanager
def found_town(folder: Path, key_every: Sequence[int]) -> Iterator[Town]:
    """The program on a new data folder in `folder`, with a camera for each of `key_every`, all of them live.

    Raises `Unavailable` where something does not start.
    """
    settings = Settings(data=folder / "data")
    with ExitStack() as stack:
        rtsp = stack.enter_context(_cameras(key_every, folder / "cameras.log"))
        database = prepare(settings)
        stack.callback(database.close)
        numbers = _register(database, {every: f"rtsp://{_HOST}:{rtsp}/{every}" for every in key_every})
        token = _sign_in(database, settings)
        port = free_port(_HOST)
        process = stack.enter_context(_program(settings, port, folder / "program.log"))
        _wait_until_live(database, process, port, folder / "program.log")
        yield Town(port, process.pid, token, numbers)


def _register(database: Database, urls: dict[int, str]) -> dict[int, CameraId]:
    numbers = {}
    with database.write() as connection:
        for every, url in urls.items():
            camera = numbers[every] = cameras.add(connection, name=f"a key frame in {every}", department=DEFAULT).id
            streams.add(connection, camera, url=url)
            privacy_areas.add(connection, camera, name="white", polygon=COVERED, at=SystemClock().now())
    return numbers


def _sign_in(database: Database, settings: Settings) -> str:
    at = SystemClock().now()
    with database.write() as connection:
        departments.change(connection, replace(departments.get(connection, DEFAULT), own_see_originals=True))
        admin = people.add(
            connection, login="bench", name="bench", role=Role.DEPARTMENT_ADMIN, department=DEFAULT, at=at
        )
        return sessions.begin(connection, admin, at, address=_HOST, agent="bench", settings=settings.access)[1]


def _wait_until_live(database: Database, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        with database.read() as connection:
            listed = list_cameras(connection).items
        states = [one.status.status.state for one in listed if one.status]
        if _is_ready(port) and len(states) == len(listed) and set(states) == {StreamState.LIVE}:
            return
        time.sleep(_LOOK_S)
    end = log.read_text(errors="replace")[-500:]
    raise Unavailable(f"the cameras were not live within {_START_S:.0f} s", hint=f"the program's log ends: {end}")


def _is_ready(port: int) -> bool:
    connection = HTTPConnection(_HOST, port, timeout=_ANSWER_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _cameras(key_every: Sequence[int], log: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "sharp_eyes.bench.live.cameras", *map(str, key_every)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output
        )
    try:
        line = process.stdout.readline() if process.stdout else b""
        if not line.strip():
            end = log.read_text(errors="replace")[-500:]
            raise Unavailable("the live cameras did not start", hint=f"their log ends: {end}")
        port: Any = json.loads(line)
        yield int(port)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _program(settings: Settings, port: int, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "SHARP_EYES_DATA": str(settings.data), "SHARP_EYES_API__PORT": str(port)}
    environment["SHARP_EYES_DATABASE"] = settings.database_url
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            part("run", None), stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(FileNotFoundError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    return found
