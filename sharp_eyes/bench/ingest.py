"""How one worker does on real RTSP cameras: pictures looked at, latency to the commit, memory a camera."""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.clock import Clock
from core.errors import Unavailable
from core.stream_state import StreamCounters
from registry.db import Database

from ..demo.city import Sight, furnish, look
from ..demo.footage import street_clip
from ..demo.rtsp_server import lay_out, serve_clips
from ..preparation import prepare
from ..settings import Settings
from ..supervisor import SUPERVISED, part
from .readings import cpu_s, gauge, metrics_text, p95, pss_mb

_START_S = 60.0
_FEW, _MANY = 2, 10

Tell = Callable[[str, float], None]
"""What is being done, and for how many more seconds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured with so many cameras."""

    cameras: int
    seconds: float
    looked_at_fps: float
    """Pictures looked at, per camera and second; the goal is `looking.detect_fps`."""
    dropped: dict[str, int]
    """Pictures not looked at, by reason; `not_due` are those that nobody wanted."""
    accounted: bool
    """Whether every decoded picture was looked at or counted as dropped, but for those on their way."""
    events: int
    commit_p95_ms: float | None
    """From the arrival of the frame that made an event ripe to its commit."""
    first_event_s: float | None
    """From the worker's start to the first event on record."""
    cores: float
    """Processor time of the worker over the time measured."""
    pss_mb: float
    ring_mb_a_stream: float


def bench_ingest(settings: Settings, clock: Clock, *, seconds: float, video: Path | None, tell: Tell) -> dict[str, Any]:
    """Figures with eight cameras, and the memory that a camera takes, from ten against two."""
    clip = video or street_clip()
    runs = {count: _measure(count, clip, settings, clock, seconds, tell) for count in (_FEW, 8, _MANY)}
    return {
        "clip": clip.name,
        "eight": asdict(runs[8]),
        "memory_mb_a_camera": round((runs[_MANY].pss_mb - runs[_FEW].pss_mb) / (_MANY - _FEW), 1),
        "ring_mb_a_stream": runs[_MANY].ring_mb_a_stream,
    }


def _measure(count: int, clip: Path, settings: Settings, clock: Clock, seconds: float, tell: Tell) -> Figures:
    with TemporaryDirectory(prefix="sharp-eyes-bench-") as name:
        folder = Path(name)
        settings = settings.model_copy(update={"data": folder, "database": None})
        served = lay_out(clip, folder / "footage")
        database = prepare(settings)
        try:
            with serve_clips(folder / "footage", folder / "rtsp.log", clock) as server:
                furnish(database, count, f"{server}/{served}?play_count=0")
                with _worker(settings, folder / "worker.log") as worker:
                    return _watch(count, worker, database, clock, seconds, tell)
        finally:
            database.close()


def _watch(
    count: int, worker: "subprocess.Popen[bytes]", database: Database, clock: Clock, seconds: float, tell: Tell
) -> Figures:
    started = clock.monotonic()
    first_event: float | None = None
    while not _all_live(before := look(database)):
        if clock.monotonic() - started > _START_S:
            raise Unavailable(f"not every camera was live within {_START_S:.0f} s")
        tell(f"{count} cameras: starting", seconds)
        clock.sleep(0.5)
    spent, began = cpu_s(worker.pid), clock.monotonic()
    while (left := began + seconds - clock.monotonic()) > 0:
        tell(f"{count} cameras", left)
        if first_event is None and look(database).events_by_label:
            first_event = clock.monotonic() - started
        clock.sleep(0.5)
    after, lasted = look(database), clock.monotonic() - began
    text = metrics_text(database)
    looked = _looked_at(after) - _looked_at(before)
    return Figures(
        cameras=count,
        seconds=round(lasted, 1),
        looked_at_fps=round(looked / lasted / count, 2),
        dropped=dict(sum((Counter(one.dropped) for one in _counters(after)), Counter())),
        accounted=all(abs(one.frames - one.looked_at - sum(one.dropped.values())) <= 2 for one in _counters(after)),
        events=after.events_by_label.total(),
        commit_p95_ms=_milliseconds(p95(text, "sharp_eyes_commit_latency_seconds")),
        first_event_s=None if first_event is None else round(first_event, 1),
        cores=round((cpu_s(worker.pid) - spent) / lasted, 2),
        pss_mb=round(pss_mb(worker.pid), 1),
        ring_mb_a_stream=round(gauge(text, "sharp_eyes_ring_bytes") / 1e6 / count, 2),
    )


def _counters(sight: Sight) -> list[StreamCounters]:
    return [camera.status.status.counters for camera in sight.cameras if camera.status]


def _all_live(sight: Sight) -> bool:
    counters = _counters(sight)
    return len(counters) == len(sight.cameras) and all(one.frames for one in counters)


def _looked_at(sight: Sight) -> int:
    return sum(one.looked_at for one in _counters(sight))


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)


@contextmanager
def _worker(settings: Settings, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **os.environ,
        "SHARP_EYES_DATA": str(settings.data),
        "SHARP_EYES_DATABASE": settings.database_url,
        SUPERVISED: "1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            part("worker", None), stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)
