"""`sharp-eyes bench search`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.errors import BadInput

from .options import Json

if TYPE_CHECKING:
    from ..bench.search.run import Found


def search(
    events: Annotated[int, typer.Option(min=1_000, help="How many events happened, in 90 days.")] = 1_000_000,
    cameras: Annotated[int, typer.Option(min=100, help="On how many cameras.")] = 100_000,
    url: Annotated[
        str | None,
        typer.Option(
            help="A PostgreSQL database, empty or with the city of an earlier run; without it SQLite is used. Its "
            "password belongs into PGPASSWORD: everybody on this machine sees a command line."
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="A folder where the city is kept and used again; without it nothing stays."),
    ] = None,
    shapes: Annotated[
        str | None, typer.Option(help="Only these shapes, with commas between them. Without it: all.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Random questions of each shape, by everyone who asks.")] = 120,
    as_json: Json = False,
) -> None:
    """Measure searches of events over HTTP at city scale: pages of every shape, facets and histograms, asked by one who
    sees all, a department, and one with 300 cameras, while 500 events a second are written; then how fast events are
    written at best.

    A made-up city is filled first: ten million events take some minutes. A sample of the answers is held against a
    straight scan of all events; a wrong one ends the benchmark.

    Example: sharp-eyes bench search --events 10000000 --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from ..bench.search.run import bench_search

    if url is not None and url.startswith("sqlite"):
        raise BadInput("a city on SQLite is kept in a folder", field="url", hint="name the folder with --data")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        names = [name.strip() for name in (shapes or "").split(",") if name.strip()]
        found = bench_search(cameras, events, tell, url=url, data=data, shapes=names, runs=runs)
    if as_json:
        print(json.dumps(found.values()))
    else:
        _show(found)
    if found.is_kept:
        print(f"the city stays in {data or 'the database'}, to be used again", file=sys.stderr)


def _show(found: "Found") -> None:
    table = Table(title=f"Searches of {found.events:,} events on {found.engine.value}")
    table.add_column("what")
    for name in ("p50 ms", "p95 ms", "max ms", "asked", "full pages", "API's work ms", "goal"):
        table.add_column(name, justify="right")
    for figure in found.shapes:
        values = figure.values()
        cells = (values[name] for name in ("p50_ms", "p95_ms", "max_ms", "n", "full", "api_work_ms"))
        table.add_row(figure.name, *map(str, cells), _goal(figure.is_reached, f"<= {figure.most_p95_ms:g}"))
    screen = Console(width=None if sys.stdout.isatty() else 120)
    screen.print(table)
    inserts = found.inserts
    print(f"written beside: {found.beside.per_s:g} events/s; compared with a straight scan: {found.compared} answers")
    print(
        f"written at best: {inserts.per_s:g} events/s, {inserts.work_us:g} us of this process each: "
        f"{_goal(inserts.is_reached, '>= 5000')}"
    )


def _goal(is_reached: bool, goal: str) -> str:
    return f"{'ok' if is_reached else 'MISSED'} {goal}"
