"""The real API in a process of its own, over the database of the benchmark."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode

from core.access import Role
from core.clock import SystemClock
from core.errors import Unavailable
from registry.access import api_keys
from registry.catalogue.filter import CameraFilter
from registry.db import open_database

from ...supervisor import SUPERVISED, part

_HOST: Final = "127.0.0.1"
_START_S: Final = 60.0
_USER, _SYSTEM = 11, 12
"""Places in `/proc/.../stat` after the name: clock ticks."""


NO_SETTINGS: Final[Mapping[str, str]] = MappingProxyType({})


class Api:
    """A client of one connection, signed in with `key`."""

    def __init__(self, port: int, key: str, pid: int = 0) -> None:
        """`pid` is that of the API's process, where its work is to be told."""
        self.port = port
        self._pid = pid
        self._headers = {"Accept-Encoding": "gzip", "Authorization": f"Bearer {key}"}
        self._connection = HTTPConnection(_HOST, port, timeout=30)

    def get(self, path: str) -> bytes:
        """The body of an answer, as it came. Raises `Unavailable` for any status but 200."""
        try:
            status, body = self._ask(path)
        except (RemoteDisconnected, BrokenPipeError):
            # The server closes a connection that was idle for long; the next request opens another one.
            self._connection.close()
            status, body = self._ask(path)
        if status != 200:
            raise Unavailable(f"GET {path} answered {status}: {body[:300]!r}")
        return body

    def worked_s(self) -> float:
        """How long the API has kept processors busy so far, in seconds: a busy machine does not add to it."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")

    def _ask(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", f"/api/v1{path}", headers=self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def serve(url: str, folder: Path, settings: Mapping[str, str] = NO_SETTINGS) -> Iterator[Api]:
    """Start the API over the database at `url` and wait until it answers; its log lies in `folder`. `settings` are
    variables of its environment.

    Raises `Unavailable` where it does not.
    """
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        **settings,
        "SHARP_EYES_DATA": str(folder),
        "SHARP_EYES_DATABASE": url,
        "SHARP_EYES_API__PORT": str(port),
        SUPERVISED: "1",
    }
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            part("api", None), stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
        )
    api = Api(port, _key(url), process.pid)
    try:
        _wait_for(api, process)
        yield api
    finally:
        api.close()
        process.terminate()
        process.wait(30)


def _key(url: str) -> str:
    """A new key of a city admin's program."""
    database = open_database(url)
    try:
        with database.write() as connection:
            _, text = api_keys.add(
                connection,
                name="benchmark",
                role=Role.CITY_ADMIN,
                department=None,
                made_by=None,
                at=SystemClock().now(),
            )
    finally:
        database.close()
    return text


def query_of(asked: CameraFilter) -> str:
    """The filter as the API takes it."""
    terms: dict[str, Any] = {
        "q": asked.q,
        "department": sorted(asked.departments),
        "sector": sorted(asked.sectors),
        "region": asked.region,
        "state": sorted(asked.states),
        "enabled": None if asked.enabled is None else str(asked.enabled).lower(),
        "gb_code": asked.gb_prefix,
    }
    if asked.box is not None:
        terms["bbox"] = f"{asked.box.west},{asked.box.south},{asked.box.east},{asked.box.north}"
    if asked.around is not None:
        terms["near"] = f"{asked.around.centre.longitude},{asked.around.centre.latitude},{asked.around.radius_m}"
    return urlencode({name: value for name, value in terms.items() if value not in (None, [])}, doseq=True)


def _wait_for(api: Api, process: "subprocess.Popen[bytes]") -> None:
    deadline = monotonic() + _START_S
    while True:
        try:
            api.get("/departments")
        except (OSError, HTTPException):
            api.close()
            if process.poll() is not None or monotonic() > deadline:
                raise Unavailable("the API of the benchmark did not start") from None
            sleep(0.1)
        else:
            return
