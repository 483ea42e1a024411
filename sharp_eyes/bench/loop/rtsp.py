"""Our loop through a real RTSP server: latency, fairness under overload, many idle cameras, memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.clock import Clock

from ...demo.rtsp_server import serve_clips
from ..readings import pss_mb
from .cells import as_mp4
from .processes import Contestant, contestants
from .task import Task

_WARM_S: Final = 2.5
_SECONDS: Final = 6.0
_FILLED_S: Final = 18.0
"""After so long the rings hold what they hold, and memory is to stay flat."""
_CROWD: Final = 24
"""Cameras, in overload."""
_TIMES: Final = 4
"""So many times as many looks as can be."""
_FULL_FPS: Final = 8.0
"""More than can be looked at of so many cameras, but not much more: those that are overtaken cost decoding."""
_MOST_FPS: Final = 25.0


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    busy: int
    idle: int = 0
    detect_fps: float = 5.0
    sensitivity: str = "off"


_ROWS: Final = (_Row("1 busy", 1), _Row("8 busy", 8))
_MORE_ROWS: Final = (
    _Row("60 idle at 5 fps + 4 busy", 4, 60, sensitivity="normal"),
    _Row("overload: 4 times too many", 0),
)


def rtsp_steps(*, full: bool) -> int:
    """How many steps the rows take."""
    return len(_ROWS) + (len(_MORE_ROWS) if full else 0)


def rtsp_rows(
    clock: Clock, ours: Contestant, folder: Path, *, full: bool, tell: Callable[[str], None]
) -> list[dict[str, Any]]:
    """A row for each number of cameras. `folder` has the cells' clips."""
    rows: list[dict[str, Any]] = []
    with _served(folder, clock) as url:
        for row in _ROWS:
            tell(f"RTSP: {row.name}")
            rows.append(_measure(row, url, ours))
        if full:
            tell(f"RTSP: {_MORE_ROWS[0].name}")
            with contestants("ours") as (fresh,):
                rows.append(_measure(_MORE_ROWS[0], url, fresh))
            tell(f"RTSP: {_MORE_ROWS[1].name}")
            with contestants("ours") as (fresh,):
                rows.append(_overload(url, fresh))
    return rows


@contextmanager
def _served(folder: Path, clock: Clock) -> Iterator[str]:
    shown = folder / "rtsp"
    shown.mkdir()
    for name in ("busy", "idle5"):
        as_mp4(folder / f"{name}.ts", shown / f"{name}.mp4")
    with serve_clips(shown, folder / "rtsp.log", clock) as url:
        yield url


def _task(row: _Row, url: str) -> Task:
    clips = (f"{url}/busy.mp4?play_count=0",) * row.busy
    clips += (f"{url}/idle5.mp4?play_count=0",) * row.idle
    return Task(
        clips=clips,
        fps=25,
        detect_fps=row.detect_fps,
        model="",
        sensitivity=row.sensitivity,
        idle="auto",
    )


def _measure(row: _Row, url: str, ours: Contestant) -> dict[str, Any]:
    task = _task(row, url)
    ours.start(task)
    ours.measure(_WARM_S + 0.1 * len(task.clips))
    found = ours.measure(_SECONDS)
    ours.stop()
    busy = found["looks_by_camera"][: row.busy]
    return {
        "name": row.name,
        "live": found["live"],
        "cores": round(found["core"], 3),
        "busy_looks_a_second": round(sum(busy) / found["seconds"] / max(row.busy, 1), 2),
        "overtaken": found["overtaken"],
        "p95_ms": found["p95_ms"],
        "arrival_p95_ms": found["arrival_p95_ms"],
    }


def _all_that_can_be(url: str, ours: Contestant) -> float:
    """Looks a second that the machine can do while it decodes so many streams."""
    ours.start(_task(_Row("", _CROWD, detect_fps=_FULL_FPS), url))
    ours.measure(_WARM_S + 0.1 * _CROWD)
    found = ours.measure(_SECONDS)
    ours.stop()
    return float(found["looks"] / found["seconds"])


def _overload(url: str, ours: Contestant) -> dict[str, Any]:
    """Four times as many looks asked for as the machine can do: how evenly they are shared, and the memory."""
    possible = _all_that_can_be(url, ours)
    row = _Row(_MORE_ROWS[1].name, _CROWD, detect_fps=min(_MOST_FPS, _TIMES * possible / _CROWD))
    ours.start(_task(row, url))
    ours.measure(_FILLED_S)
    before = pss_mb(ours.pid)
    found = ours.measure(2 * _SECONDS)
    after = pss_mb(ours.pid)
    ours.stop()
    looks = found["looks_by_camera"]
    fair = sum(looks) / _CROWD
    return {
        "name": row.name,
        "live": found["live"],
        "cores": round(found["core"], 3),
        "cameras": _CROWD,
        "asked_a_second": round(row.detect_fps * _CROWD, 1),
        "possible_a_second": round(possible, 1),
        "looks_a_second": round(found["looks"] / found["seconds"], 1),
        "least_share": round(min(looks) / fair, 2),
        "greatest_share": round(max(looks) / fair, 2),
        "overtaken": found["overtaken"],
        "pss_mb_grown": round(after - before, 1),
    }
