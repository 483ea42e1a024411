"""`sharp-eyes bench loop`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .options import Config, Json, only_files


def loop(
    clips: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A clip on which events are compared too; may be repeated."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="More kinds of streams, overload, and 64 cameras over RTSP: ten minutes.")
    ] = False,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Measure the inference loop beside its floor and beside the loop that a user would write, in under five minutes.

    Floor: decoding and the bare network on the same pictures. Plain: OpenCV, a square input, ONNX Runtime, numpy. All
    take turns on the same clips, which cameras show in real time; figures are cores a camera. What they find is
    compared too, and what gate and saving decode find beside the loop without them.

    Example: sharp-eyes bench loop --json
    """
    # Imported here, since `--help` must not wait for what is measured.
    from core.clock import SystemClock

    from ..bench.loop.run import bench_loop
    from ..settings import load

    only_files(clips or [])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        figures = bench_loop(load(config), SystemClock(), full=full, clips=clips or (), tell=tell)
    if as_json:
        print(json.dumps(figures))
    else:
        _show(figures)


def _show(figures: dict[str, Any]) -> None:
    console = Console()
    cells = {name: cell for name, cell in figures.items() if isinstance(cell, dict)}
    names = ("floor", "ours", "plain", "floor_over_ours", "plain_over_ours", "agreement", "p95_ms", "looks_a_second")
    console.print(_table("Cores a camera", "stream", names, cells))
    console.print(_policies(figures["policies"]))
    for row in figures["rtsp"]:
        facts = ", ".join(f"{name} {value}" for name, value in row.items() if name != "name")
        console.print(f"RTSP, {row['name']}: {facts}", highlight=False)


def _table(title: str, first: str, names: tuple[str, ...], rows: dict[str, dict[str, Any]]) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for row, cells in rows.items():
        table.add_row(row, *("" if cells.get(name) is None else str(cells[name]) for name in names))
    return table


def _policies(rows: list[dict[str, Any]]) -> Table:
    flat = {}
    for row in rows:
        facts = {name: value for name, value in row.items() if not isinstance(value, dict)}
        for policy in ("gate", "gate_and_saving_decode"):
            facts |= {f"{policy} {name}": row[policy][name] for name in ("recall", "precision", "decoded")}
        flat[row["cell"]] = facts
    shown = ("core", "plain_over_ours", "looks_a_second", "events")
    kinds = tuple(
        f"{policy} {name}" for policy in ("gate", "gate_and_saving_decode") for name in ("recall", "precision")
    )
    return _table("Gate and saving decode", "stream", (*shown, *kinds, "gate_and_saving_decode decoded"), flat)
