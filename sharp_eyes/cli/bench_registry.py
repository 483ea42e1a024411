"""`sharp-eyes bench registry`."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .options import Json

if TYPE_CHECKING:
    from ..bench.registry.stage import Figure


class PartName(StrEnum):
    """What can be measured alone."""

    CATALOGUE = "catalogue"
    OVERVIEW = "overview"
    POINTS = "points"
    IMPORT = "import"
    LEASES = "leases"


def registry(
    cameras: Annotated[int, typer.Option(min=1_000, help="How many cameras the city has.")] = 100_000,
    url: Annotated[
        str | None,
        typer.Option(
            help="An empty PostgreSQL database, where the city stays; without it SQLite is used. Its password belongs "
            "into PGPASSWORD: everybody on this machine sees a command line."
        ),
    ] = None,
    part: Annotated[
        list[PartName] | None, typer.Option(help="Only this part; may be repeated. Without it: all of them.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Random filters of each shape.")] = 120,
    as_json: Json = False,
) -> None:
    """Measure the registry at size: catalogue searches of every shape, the overview, the map's points, imports, and
    what it costs to lease the cameras to 200 workers.

    A made-up city is filled first, which takes half a minute. Answers are compared with those of plain Python; a wrong
    one ends the benchmark.

    Example: sharp-eyes bench registry --cameras 100000 --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from ..bench.registry.run import bench_registry

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        figures = bench_registry(cameras, url, [str(name) for name in part or list(PartName)], tell, runs=runs)
    if as_json:
        for figure in figures:
            print(json.dumps(asdict(figure)))
    else:
        _show(figures)


def _show(figures: "list[Figure]") -> None:
    table = Table(title="Registry")
    names = ("p50_ms", "p95_ms", "max_ms", "per_second", "runs", "bytes")
    table.add_column("what")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    table.add_column("goal", justify="right")
    for figure in figures:
        cells = (str(figure.values.get(name, "")) for name in names)
        goal = _goal(figure)
        table.add_row(figure.name, *cells, goal)
    Console(width=None if sys.stdout.isatty() else 100).print(table)


def _goal(figure: "Figure") -> str:
    most = figure.most_p95_ms if figure.most_per_second is None else figure.most_per_second
    return "" if most is None else f"{'ok' if figure.is_reached else 'MISSED'} <= {most:g}"
