"""The city that is tried: a PostgreSQL server, an RTSP server, the API and workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

from tests.support import false_clock
from tests.support.admin_key import admin_key
from tests.support.parent_death import die_with_parent
from tests.support.ports import free_port
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.program import PROGRAM
from tests.support.relay import Relay, relay_to
from tests.support.waiting import wait_for

from .beat import make_beats

_CLIPS = 6


class Worker:
    """A worker's process, with its own way to the database and its own clock."""

    def __init__(self, city: "City", number: int) -> None:
        self._city = city
        self.relay: Relay = city.stack.enter_context(relay_to(city.postgres.port))
        self.clock_file = city.folder / f"clock-{number}"
        self.set_clock("+0")
        self.log = city.folder / f"worker-{number}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = self._city.environment(
            self._city.url.replace(f":{self._city.postgres.port}/", f":{self.relay.port}/")
        )
        if not false_clock.is_missing():
            environment |= false_clock.set_by(self.clock_file, self._city.folder)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "worker"], env=environment, stdout=log, stderr=log, preexec_fn=die_with_parent()
            )

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        if number is signal.SIGKILL:
            self._process.wait()

    def set_clock(self, offset: str) -> None:
        """Set the worker's clock: `-3600s` is an hour back."""
        self.clock_file.write_text(offset)

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


class Cameras:
    """The RTSP server; it can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clips = make_beats(folder, _CLIPS)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "sharp_eyes.demo.clip_server", str(self.folder), str(self.port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent()
        )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def url(self, number: int) -> str:
        return f"rtsp://127.0.0.1:{self.port}/{self.clips[number % _CLIPS].name}?play_count=0"


class City:
    """All of it."""

    def __init__(self, stack: ExitStack, folder: Path, postgres: PostgresServer, workers: int) -> None:
        self.stack = stack
        self.folder = folder
        self.data = folder / "data"
        self.postgres = postgres
        self.url = postgres.make_database()
        self.cameras = Cameras(folder / "clips")
        self._api_port = free_port()
        self._key = ""
        self.workers = [Worker(self, number) for number in range(workers)]

    def environment(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            "SHARP_EYES_DATA": str(self.data),
            "SHARP_EYES_DATABASE": database,
            "SHARP_EYES_API__PORT": str(self._api_port),
        }

    def start(self, streams: int) -> None:
        """Start everything; register the cameras; come back when all of them are live."""
        self.cameras.start()
        self.stack.callback(self.cameras.kill)
        with (self.folder / "api.log").open("ab") as log:
            api = subprocess.Popen(
                [PROGRAM, "api"],
                env=self.environment(self.url),
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),
            )
        self.stack.callback(api.wait)
        self.stack.callback(api.terminate)
        wait_for(lambda: self.ask("GET", "/healthz") is not None, "the API answers", 60)
        self._key = admin_key(self.url)
        for number in range(streams):
            self.ask("POST", "/api/v1/cameras", self._camera(number))
        for worker in self.workers:
            worker.start()
            self.stack.callback(worker.end)
        wait_for(lambda: self.live() == streams, f"all {streams} cameras are live", 120)

    def live(self) -> int:
        """How many cameras are live, as the API says; -1 where it says nothing."""
        overview = self.ask("GET", "/api/v1/overview")
        return -1 if overview is None else int(overview["by_state"].get("live", 0))

    def by_worker(self) -> list[int]:
        """How many cameras each live worker has."""
        workers = self.ask("GET", "/api/v1/workers")
        return [] if workers is None else [one["cameras"] for one in workers["items"] if one["state"] == "running"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that comes back; None where the API or its database is away."""
        connection = HTTPConnection("127.0.0.1", self._api_port, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json", **self._sign()})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status >= 500:
                return None
            assert answer.status < 300, f"{method} {path}: {answer.status} {content[:300]!r}"
            return json.loads(content)
        except OSError:
            return None
        finally:
            connection.close()

    def _sign(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def metrics(self) -> str:
        """What all workers measure, as text; empty where nobody answers."""
        connection = HTTPConnection("127.0.0.1", self._api_port, timeout=30)
        try:
            connection.request("GET", "/metrics", headers=self._sign())
            return connection.getresponse().read().decode()
        except OSError:
            return ""
        finally:
            connection.close()

    @contextmanager
    def note_what_is_made(self) -> Iterator[None]:
        """Write down each second how many events each worker says it has made."""
        stop = Flag()

        def note() -> None:
            with (self.data / "made.jsonl").open("a") as file:
                while not stop.wait(1.0):
                    for line in self.metrics().splitlines():
                        if line.startswith("sharp_eyes_events_made_total{"):
                            labels, _, made = line.partition("} ")
                            file.write(json.dumps({"worker": labels, "made": int(float(made))}) + "\n")
                    file.flush()

        thread = Thread(target=note, name="notes", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(60)

    def _camera(self, number: int) -> dict[str, object]:
        rule = {"name": "beat", "kind": "motion", "labels": [], "min_duration_s": 0.3, "min_size": 0.002}
        return {
            "name": f"camera {number:03}",
            "streams": [{"url": self.cameras.url(number)}],
            "rules": [rule],
            "attention": {"idle": "all", "sensitivity": "normal"},
        }


@contextmanager
def founded(folder: Path, workers: int) -> Iterator[City]:
    """A city in `folder`, not started; what it starts ends with the context."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        city = City(stack, folder, postgres, workers)
        city.data.mkdir(mode=0o700)
        yield city
