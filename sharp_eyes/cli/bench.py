"""`sharp-eyes bench`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from .bench_access import access
from .bench_alerts import alerts
from .bench_live import live
from .bench_loop import loop
from .bench_registry import registry
from .bench_search import search
from .options import Config, Json

app = typer.Typer(help="Benchmarks that anyone can run.", no_args_is_help=True)
app.command()(loop)
app.command()(registry)
app.command()(access)
app.command()(search)
app.command()(alerts)
app.command()(live)


@app.callback()
def bench() -> None:
    """Benchmarks that anyone can run."""


@app.command()
def ingest(
    seconds: Annotated[float, typer.Option(min=5, help="How long to measure with each number of cameras.")] = 60,
    video: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A clip (MP4, H.264 or H.265) that the cameras show."),
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Measure one worker on 2, 8 and 10 cameras over real RTSP: looks, latency to the commit, memory a camera.

    Example: sharp-eyes bench ingest --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from core.clock import SystemClock

    from ..bench.ingest import bench_ingest
    from ..settings import load

    console = Console(stderr=True)
    with Status("starting", console=console) as status:

        def tell(what: str, left: float) -> None:
            if sys.stderr.isatty():
                status.update(f"{what}: {left:.0f} s left")

        figures = bench_ingest(load(config), SystemClock(), seconds=seconds, video=video, tell=tell)
    if as_json:
        print(json.dumps(figures))
        return
    eight = figures["eight"]
    goals = (
        ("looks a camera and second, 8 cameras", eight["looked_at_fps"], "5"),
        ("pictures overtaken", eight["dropped"].get("overtaken", 0), "0"),
        ("arrival to commit, p95, ms", eight["commit_p95_ms"], "<= 300"),
        ("first event after, s", eight["first_event_s"], "<= 15"),
        ("memory a camera, MB", figures["memory_mb_a_camera"], "<= 40"),
        ("ring a stream, MB", figures["ring_mb_a_stream"], "<= 8"),
        ("cores, 8 cameras", eight["cores"], ""),
        ("every picture accounted for", eight["accounted"], "True"),
    )
    for what, found, goal in goals:
        print(f"{what:<40} {found!s:>8}   {goal}")
