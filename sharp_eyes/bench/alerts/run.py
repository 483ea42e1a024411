"""Measures alerts end to end: events are written, another process matches and sends, a third one receives."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from core.clock import SystemClock
from core.errors import Conflict, Unavailable
from events.alerts.counts import count_alerts
from events.alerts.subscriptions import every
from registry.db import Database, open_database
from registry.key_ring import open_files

from ...migrate import upgrade
from ...supervisor import SUPERVISED, part
from ..readings import cpu_s
from .receivers import Arrivals
from .town import Town, found_town

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, of how much."""

_BATCH_S: Final = 0.05
_WARM_S: Final = 3.0
"""The receivers are found out about, and nothing is measured."""
_REST_S: Final = 60.0
"""How long the last ones are waited for."""
_TIMEOUT_S: Final = "5"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for."""

    receivers: int
    hanging: int
    failing: int
    rate: float
    """Deliveries a second to those that answer; the others have as many each."""
    seconds: float

    @property
    def well(self) -> int:
        return self.receivers - self.hanging - self.failing


def bench_alerts(load: Load, url: str | None, tell: Tell) -> dict[str, Any]:
    """The figures, in a temporary SQLite file or in the empty PostgreSQL database at `url`, where the town stays.

    Raises `Conflict` where that database is not empty, `Unavailable` where a process does not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sharp-eyes-bench-")))
        url = url or f"sqlite:///{folder / 'town.db'}"
        database = open_database(url)
        stack.callback(database.close)
        upgrade(database)
        with database.read() as connection:
            if every(connection):
                raise Conflict("the database is not empty", hint="name a new one")
        receivers = stack.enter_context(_receivers(load))
        urls = [f"http://127.0.0.1:{port}/hook" for port in receivers.ports]
        town = found_town(database, open_files(folder / "keys" / "sealing.key"), urls)
        process = stack.enter_context(_alerts(url, folder))
        tell("warming up", 0, 1)
        committed = _write(town, load, _WARM_S, tell)
        _wait_for(database, _stuck(town, load, committed))
        began, taken_s = time.monotonic(), cpu_s(process.pid)
        measured = _write(town, load, load.seconds, tell)
        took_s = time.monotonic() - began
        _wait_for(database, _stuck(town, load, committed | measured))
        cores = (cpu_s(process.pid) - taken_s) / (time.monotonic() - began)
        with database.read() as connection:
            waiting = count_alerts(connection).waiting
        arrivals = receivers.arrivals()
        return _figures(load, town, measured, arrivals, took_s) | {
            "engine": str(database.kind),
            "waiting": waiting,
            "cores": round(cores, 2),
        }


def _write(town: Town, load: Load, seconds: float, tell: Tell) -> dict[str, float]:
    """Write events at the rate that was asked for, for so long; when each was committed, by its message's id."""
    names = list(town.cameras)
    rate = load.rate * load.receivers / max(1, load.well)
    committed: dict[str, float] = {}
    began, written = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        due = int(rate * passed) - written
        if due > 0:
            on = [names[(written + nth) % len(names)] for nth in range(due)]
            committed |= town.happen(on, SystemClock().now())
            written += due
            tell("writing events", written, int(rate * seconds))
        time.sleep(_BATCH_S)
    return committed


def _well(town: Town, load: Load) -> set[int]:
    """The subscriptions whose receivers answer."""
    return set(list(town.cameras.values())[: load.well])


def _stuck(town: Town, load: Load, committed: Mapping[str, float]) -> int:
    """How many of these messages are for receivers that do not answer."""
    well = _well(town, load)
    return sum(_subscription(number) not in well for number in committed)


def _subscription(message: str) -> int:
    return int(message.rpartition(".")[2])


def _wait_for(database: Database, stuck: int) -> None:
    """Wait until all that can arrive has, and nothing else waits."""
    deadline = time.monotonic() + _REST_S
    while time.monotonic() < deadline:
        with database.read() as connection:
            counts = count_alerts(connection)
        if not counts.unmatched and counts.waiting <= stuck:
            break
        time.sleep(_BATCH_S)


def _figures(
    load: Load, town: Town, measured: Mapping[str, float], arrivals: Arrivals, took_s: float
) -> dict[str, Any]:
    well = _well(town, load)
    to_well = {number: at for number, at in measured.items() if _subscription(number) in well}
    arrived = {number: arrivals[number] for number in to_well if number in arrivals}
    waits = np.array([(min(came) - to_well[number]) * 1_000 for number, came in arrived.items()])
    end = max((min(came) for came in arrived.values()), default=0.0)
    first = min(to_well.values(), default=0.0)
    return {
        "receivers": load.receivers,
        "hanging": load.hanging,
        "failing": load.failing,
        "made": len(measured),
        "made_per_s": round(len(measured) / took_s, 1),
        "delivered_per_s": round(len(arrived) / max(end - first, 1e-9), 1),
        "p50_ms": _share(waits, 50),
        "p95_ms": _share(waits, 95),
        "p99_ms": _share(waits, 99),
        "to_those_that_answer": len(to_well),
        "arrived": len(arrived),
        "came_twice": sum(len(came) > 1 for came in arrived.values()),
    }


def _share(waits: "np.ndarray[Any, Any]", percent: float) -> float | None:
    return round(float(np.percentile(waits, percent)), 1) if waits.size else None


class _Receivers:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ports: list[int] = json.loads(process.stdout.readline() if process.stdout else "[]")

    def arrivals(self) -> Arrivals:
        """End them; what came to those that answer."""
        text, _ = self._process.communicate("", timeout=30)
        found: Arrivals = json.loads(text)
        return found


@contextmanager
def _receivers(load: Load) -> Iterator[_Receivers]:
    numbers = [str(count) for count in (load.well, load.failing, load.hanging)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "sharp_eyes.bench.alerts.receivers", *numbers],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Receivers(process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def _alerts(url: str, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "SHARP_EYES_DATA": str(folder),
        "SHARP_EYES_DATABASE": url,
        "SHARP_EYES_ALERTS__ALLOWED_TARGETS": "127.0.0.1",
        "SHARP_EYES_ALERTS__TIMEOUT_S": _TIMEOUT_S,
        SUPERVISED: "1",
    }
    with (folder / "alerts.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            part("alerts", None), stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
        )
    try:
        yield process
        if process.poll() is not None:
            end = (folder / "alerts.log").read_text(errors="replace")[-500:]
            raise Unavailable("the alerts ended by themselves", hint=f"their log ends: {end}")
    finally:
        process.terminate()
        process.wait(30)
