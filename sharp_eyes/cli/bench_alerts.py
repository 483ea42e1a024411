"""`sharp-eyes bench alerts`."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import BadInput

from .options import Json


def alerts(
    receivers: Annotated[int, typer.Option(min=1, max=1_000, help="How many receivers there are.")] = 50,
    hanging: Annotated[int, typer.Option(min=0, help="How many of them never answer.")] = 10,
    failing: Annotated[int, typer.Option(min=0, help="How many of them answer 500.")] = 10,
    rate: Annotated[
        float, typer.Option(min=1, help="Deliveries a second to those that answer; the others have as many each.")
    ] = 200,
    seconds: Annotated[float, typer.Option(min=1, help="How long events are written.")] = 30,
    url: Annotated[
        str | None,
        typer.Option(
            help="An empty PostgreSQL database, where the events stay; without it SQLite is used. Its password belongs "
            "into PGPASSWORD: everybody on this machine sees a command line."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure alerts: how many a second arrive, how soon after their event, while some receivers hang and some fail.

    Example: sharp-eyes bench alerts --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from ..bench.alerts.run import Load, bench_alerts

    if hanging + failing >= receivers:
        raise BadInput(
            f"{hanging} receivers that hang and {failing} that fail leave none of {receivers} to answer",
            field="receivers",
        )
    load = Load(receivers=receivers, hanging=hanging, failing=failing, rate=rate, seconds=seconds)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        figures = bench_alerts(load, url, tell)
    if as_json:
        print(json.dumps(figures))
        return
    goals = (
        ("made a second", "made_per_s", ""),
        ("delivered a second", "delivered_per_s", f">= {rate:g}"),
        ("commit to first attempt, p50, ms", "p50_ms", ""),
        ("commit to first attempt, p95, ms", "p95_ms", "<= 250"),
        ("for those that answer", "to_those_that_answer", ""),
        ("of these arrived", "arrived", "all"),
        ("of these came twice", "came_twice", "0"),
        ("waiting for those that do not answer", "waiting", ""),
        ("cores of the alerts", "cores", ""),
    )
    for what, name, goal in goals:
        print(f"{what:<40} {figures[name]!s:>8}   {goal}")
