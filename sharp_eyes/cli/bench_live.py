"""`sharp-eyes bench live`."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .options import Json

_MOST_OF_ONE = 16
"""Live views that one person has, who looks for the benchmark."""
_ROWS = (
    ("request to the first picture, p50, ms", "first_p50_ms", ""),
    ("request to the first picture, p95, ms", "first_p95_ms", "<= 1500"),
    ("request to a picture of now, p95, ms", "current_p95_ms", ""),
    ("views that never showed one", "never_current", "0"),
    ("lag behind the camera's clock, p50, ms", "lag_p50_ms", ""),
    ("lag behind the camera's clock, p95, ms", "lag_p95_ms", "<= 1500"),
    ("pictures a second", "fps", ""),
    ("as the camera sent it; masked: covered", "right", "True"),
)


def live(
    starts: Annotated[
        int, typer.Option(min=1, max=1_000, help="How many views of each kind are begun, for the first picture.")
    ] = 20,
    seconds: Annotated[
        float, typer.Option(min=0.5, max=600, help="How long lag and cost are measured, each time.")
    ] = 10,
    viewers: Annotated[
        int, typer.Option(min=2, max=_MOST_OF_ONE, help="How many look at one camera at once, for their cost.")
    ] = 8,
    rest: Annotated[
        float,
        typer.Option(
            min=0,
            max=60,
            help="For how many seconds nobody looks before each start. Less than 3 finds a stream that is still "
            "decoded in full for whoever looked before.",
        ),
    ] = 4,
    as_json: Json = False,
) -> None:
    """Measure live views: how soon the first picture comes, how old pictures are, what a viewer costs.

    Two cameras that show the time (640x360, H.264, 25 pictures a second, a key frame each second and each four) are
    served over RTSP to the program itself.

    Example: sharp-eyes bench live --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from ..bench.live.run import Load, bench_live

    load = Load(starts=starts, seconds=seconds, viewers=viewers, rest_s=rest)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        figures = bench_live(load, tell)
    if as_json:
        print(json.dumps(figures))
        return
    _print(figures)


def _print(figures: dict[str, Any]) -> None:
    for rendition in ("original", "masked"):
        for gop, found in figures[rendition].items():
            print(f"{rendition}, a key frame in {gop[4:-1]} s")
            for what, name, goal in _ROWS:
                print(f"  {what:<42} {found[name]!s:>8}   {goal}")
    costs = figures["costs"]
    print(f"{'cores while nobody looks':<44} {costs['nobody']:>8}")
    for rendition in ("original", "masked"):
        for what, name in (
            ("the first viewer", "first"),
            ("each further one", "each_further"),
            (f"{figures['viewers']} viewers", "all"),
        ):
            print(f"{f'cores besides, {rendition}, {what}':<44} {costs[rendition][name]:>8}")
