"""`sharp-eyes bench access`."""

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
    from ..bench.access.stage import Figure


class AccessPart(StrEnum):
    """What can be measured alone."""

    SEARCH = "search"
    SCOPE = "scope"
    RECORD = "record"
    READS = "reads"


def access(
    cameras: Annotated[int, typer.Option(min=100, help="How many cameras the city has.")] = 100_000,
    events: Annotated[int, typer.Option(min=1_000, help="How many events happened on them.")] = 1_000_000,
    url: Annotated[
        str | None,
        typer.Option(
            help="An empty PostgreSQL database, where the city stays; without it SQLite is used. Its password belongs "
            "into PGPASSWORD: everybody on this machine sees a command line."
        ),
    ] = None,
    part: Annotated[
        list[AccessPart] | None, typer.Option(help="Only this part; may be repeated. Without it: all of them.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often each thing is measured.")] = 200,
    as_json: Json = False,
) -> None:
    """Measure what access costs: a search of events with 1,000 grants beside one without any scope, working that scope
    out, 5,000 reads a minute while sixty people a minute sign in, and the record of looks: writing, sealing, checking.

    A made-up city is filled first, which takes a minute or two.

    Example: sharp-eyes bench access --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from ..bench.access.run import bench_access

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        figures = bench_access(cameras, events, url, [str(name) for name in part or list(AccessPart)], tell, runs=runs)
    if as_json:
        for figure in figures:
            print(json.dumps(asdict(figure)))
    else:
        _show(figures)


def _show(figures: "list[Figure]") -> None:
    table = Table(title="Access")
    table.add_column("what")
    table.add_column("found")
    table.add_column("goal")
    for figure in figures:
        found = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in figure.values.items())
        table.add_row(figure.name, found, _goal(figure))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _goal(figure: "Figure") -> str:
    return "" if figure.is_reached is None else f"{'ok' if figure.is_reached else 'MISSED'}: {figure.goal}"
