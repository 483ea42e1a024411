"""The city of the long run: eight cameras over RTSP, PostgreSQL, an S3 store, a receiver of alerts, a small disk, and
`sharp-eyes run` with all its processes; each of them can be killed and started again."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any, Final

import psycopg

from tests.support.footage import bikes, shared
from tests.support.object_store import BUCKET, ObjectStore, answers, start_object_store
from tests.support.parent_death import die_with_parent
from tests.support.ports import free_port
from tests.support.postgres import running_postgres
from tests.support.program import Running, is_alive
from tests.support.waiting import wait_for

from .beat import make_beat

_STREET: Final = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]
_DISK_BYTES: Final = 256 << 20
_WAITS: Final = """SELECT
    (SELECT count(*) FROM event WHERE ended_at IS NULL),
    (SELECT count(*) FROM event_change WHERE seq > (SELECT seq FROM alert_cursor)),
    (SELECT count(*) FROM delivery WHERE ended_at IS NULL),
    (SELECT count(*) FROM event_media WHERE state = 'pending')"""
"""What has not come to its end, of each kind."""


class Server:
    """A process that can be killed and started again; `environment` is added to ours as it is then."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        self._command = command
        self._environment = {} if environment is None else environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            env={**os.environ, **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Store:
    """The S3 store."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.at = ObjectStore(free_port(), "long-run", os.urandom(16).hex())
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = start_object_store(self.at, self._folder)
        wait_for(lambda: answers(self.at), "the S3 store answers", 90)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class LongCity:
    """All of it."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.folder = folder
        self.postgres = stack.enter_context(running_postgres())
        self.url = self.postgres.make_database()
        self.disk = stack.enter_context(_small_disk(folder / "disk"))
        self.received = folder / "received.jsonl"
        self.made = folder / "made.jsonl"
        self._receiver_port = free_port()
        self._secret: dict[str, str] = {}
        self.receiver = Server(
            [sys.executable, "-m", "tests.chaos.receiver", str(self._receiver_port), str(self.received)], self._secret
        )
        clips, self.streams = _clips(folder / "clips")
        self._rtsp_port = free_port()
        server = [sys.executable, "-m", "sharp_eyes.demo.clip_server", str(clips), str(self._rtsp_port)]
        self.cameras = Server(server)
        self.store = Store(folder / "store")
        settings = self.store.at.settings()
        assert settings.s3_endpoint is not None
        self.program = Running(
            self.disk / "data",
            environment={
                "SHARP_EYES_DATABASE": self.url,
                "SHARP_EYES_BLOBS__S3_ENDPOINT": settings.s3_endpoint,
                "SHARP_EYES_BLOBS__BUCKET": BUCKET,
                "SHARP_EYES_BLOBS__ACCESS_KEY": self.store.at.access_key,
                "SHARP_EYES_BLOBS__SECRET_KEY": self.store.at.secret_key,
                "SHARP_EYES_BLOBS__SECURE": "false",
                "SHARP_EYES_ALERTS__ALLOWED_TARGETS": f"127.0.0.1:{self._receiver_port}",
                "SHARP_EYES_API__FREE_DISK_BYTES": "1000000",
            },
        )
        self.program.log = folder / "program.log"
        stack.callback(self.store.kill)
        stack.callback(self.cameras.kill)
        stack.callback(self.receiver.kill)
        stack.callback(self.program.kill)

    def start(self) -> None:
        """Start everything, register the cameras and the subscription; come back when all cameras are live."""
        self.store.start()
        self.cameras.start()
        self.program.start()
        hook = f"http://127.0.0.1:{self._receiver_port}/hook"
        wanted = {"name": "long run", "department": 1, "url": hook, "moments": ["started", "ended"]}
        made = self.program.send("POST", "/api/v1/subscriptions", wanted)
        self._secret["SECRET"] = made["text"]
        self.receiver.start()
        for number, (name, rule) in enumerate(self.streams, 1):
            self.program.send("POST", "/api/v1/cameras", self._camera(number, name, rule))
        wait_for(lambda: self.live() == len(self.streams), "all cameras are live", 180)

    def live(self) -> int:
        """How many cameras are live, as the API says; -1 where it says nothing."""
        overview = self.ask("/api/v1/overview")
        return -1 if overview is None else int(overview["by_state"].get("live", 0))

    def ask(self, path: str) -> Any:
        """The JSON at `path`; None where nobody answers."""
        try:
            status, body = self.program.ask("GET", path)
        except OSError:
            return None
        return json.loads(body) if status == 200 else None

    def kill(self, part: str) -> None:
        """kill -9 of the `api`, the `worker` or the `alerts`; comes back when another one runs."""
        before = self.program.kill_child(part)
        wait_for(lambda: not is_alive(before), f"the {part} is dead", 10)
        wait_for(lambda: self.program.child(part) not in (None, before), f"there is another {part}", 60)

    def quiesce(self) -> None:
        """Watch no camera any more, and let everything that waits arrive; then stop in good order."""
        for number in range(1, len(self.streams) + 1):
            self.program.send("PATCH", f"/api/v1/cameras/{number}", {"enabled": False})
        wait_for(self._has_nothing_left, "nothing waits any more", 300)
        self.program.stop()

    @contextmanager
    def note_what_is_made(self) -> Iterator[None]:
        """Write down each second how many events each worker says it has made."""
        stop = Flag()

        def note() -> None:
            with self.made.open("a") as file:
                while not stop.wait(1.0):
                    for line in self._metrics().splitlines():
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

    def _metrics(self) -> str:
        with suppress(OSError):
            status, body = self.program.ask("GET", "/metrics")
            if status == 200:
                return body.decode()
        return ""

    def _has_nothing_left(self) -> bool:
        """By the database alone: no event goes on, every change was matched, no delivery and no medium waits."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(_WAITS).fetchone() == (0, 0, 0, 0)

    def _camera(self, number: int, name: str, rule: dict[str, Any]) -> dict[str, object]:
        return {
            "name": f"camera {number}",
            "streams": [{"url": f"rtsp://127.0.0.1:{self._rtsp_port}/{name}?play_count=0"}],
            "rules": [rule],
            "attention": {"idle": "all", "sensitivity": "normal"},
        }


_BEAT_RULE: Final = {"name": "beat", "kind": "motion", "labels": [], "min_duration_s": 0.3, "min_size": 0.002}


def _clips(folder: Path) -> tuple[Path, list[tuple[str, dict[str, Any]]]]:
    """The folder of clips, and of each of eight cameras its clip and its rule: five beats (two of 1920x1080,
    one in H.265), and three of real footage where there is some."""
    folder.mkdir()
    quiet = {"x265-params": "log-level=error"}
    beats = [
        make_beat(folder / "hd-one.mp4", 0.0, lines=180, times=6),
        make_beat(folder / "hd-two.mp4", 0.4, lines=180, times=6),
        make_beat(folder / "h265.mp4", 0.2, times=2, codec="libx265", options=quiet),
        make_beat(folder / "small-one.mp4", 0.6),
        make_beat(folder / "small-two.mp4", 0.8),
    ]
    street = {"name": "street", "labels": _STREET, "min_duration_s": 0.5}
    footage = [bikes(), *(shared(name) for name in ("corridor-people.mp4", "car-park-from-above.mp4"))]
    found = [clip for clip in footage if clip.exists()]
    real = [found[number % len(found)] for number in range(3)]
    for clip in set(real):
        shutil.copy(clip, folder)
    return folder, [*((clip.name, _BEAT_RULE) for clip in beats), *((clip.name, street) for clip in real)]


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    """A file system of 256 MB, which can be filled; a plain folder where none can be mounted."""
    place.mkdir()
    size = f"size={_DISK_BYTES}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)], capture_output=True, check=False
    )
    try:
        yield place
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave not one byte. Raises `AssertionError` where `disk` is no small one."""
    assert os.path.ismount(disk), "no small disk could be mounted: nothing can be filled"
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(b"\0" * size) == size:
                    pass
    return ballast
