"""`sharp-eyes demo`."""

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from .options import Config, Json


def demo(
    seconds: Annotated[float | None, typer.Option(min=1, help="Stop so long after the first frame.")] = None,
    cameras: Annotated[int, typer.Option(min=1, max=64, help="How many cameras.")] = 4,
    video: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A clip (MP4, H.264 or H.265) to show.")
    ] = None,
    data: Annotated[Path | None, typer.Option(file_okay=False, help="Keep everything in this folder.")] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Show the whole system on this machine: cameras over real RTSP, events, the console.

    Example: sharp-eyes demo --cameras 8 --data ./demo
    """
    # Imported here, since `--help` must not wait for what the demo needs.
    import logging

    from rich.console import Console
    from rich.live import Live

    from core.clock import SystemClock

    from ..demo.city import Sight, as_line
    from ..demo.door import Door
    from ..demo.run import Demo, run_demo
    from ..demo.show import table
    from ..logs import configure_logging
    from ..settings import load
    from .serve import stop_flag

    configure_logging(level=logging.ERROR)
    on_terminal = sys.stdout.isatty() and not as_json
    told: list[Door] = []
    with Live(console=Console(), auto_refresh=False) if on_terminal else nullcontext() as live:

        def show(sight: Sight, door: Door, left: float | None) -> None:
            if live is not None:
                live.update(table(sight, door, left), refresh=True)
            elif door not in told:
                entrance = f"The console is at {door.console}: sign in as {door.login} with {door.password}"
                print(entrance, file=sys.stderr, flush=True)
                told.append(door)

        wanted = Demo(cameras, video, data, seconds)
        sight, door = run_demo(wanted, load(config), config, stop_flag(), SystemClock(), show)
    if as_json:
        print(json.dumps(as_line(sight, door), ensure_ascii=False))
    elif not on_terminal:
        Console().print(table(sight, door, None))
