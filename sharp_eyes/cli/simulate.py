"""`sharp-eyes simulate`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from .options import Config


def simulate(
    cameras: Annotated[int, typer.Option(min=1, help="How many cameras.")] = 2_000,
    departments: Annotated[int, typer.Option(min=1, help="How many departments.")] = 30,
    events: Annotated[int, typer.Option(min=0, help="How many events.")] = 1_000_000,
    days: Annotated[int, typer.Option(min=1, help="Over how many days, up to now.")] = 90,
    grants: Annotated[
        int | None, typer.Option(min=0, help="How many grants; without it as many as fit its size, 1,000 at most.")
    ] = None,
    looks: Annotated[
        int | None, typer.Option(min=0, help="How many rows on record in the last month; without it as fits its size.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another city.")] = 1,
    data: Annotated[
        Path | None, typer.Option(file_okay=False, help="The data folder, in place of the one in the settings.")
    ] = None,
    config: Config = None,
) -> None:
    """Fill an empty database with a made-up city, to see and measure everything on.

    It has regions, a tree of departments, codes, addresses, recorders, events, a month of uptime, people of every role,
    grants, and a month of who looked at what. Its cameras are switched off, so that no worker pulls streams that do not
    exist, and its people have no passwords. Interrupted, it leaves nothing.

    Example: sharp-eyes simulate --data ./city --cameras 100000 --departments 30 --events 10000000
    """
    # Imported here, since `--help` must not wait for the database's library.
    from core.clock import SystemClock

    from ..settings import load
    from ..simulate import City, fill
    from ..simulate import Progress as Done

    settings = load(config)
    if data is not None:
        settings = settings.model_copy(update={"data": data, "database": None})
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    city = City(
        cameras=cameras, departments=departments, events=events, days=days, seed=seed, grants=grants, looks=looks
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        tasks: dict[str, TaskID] = {}

        def report(done: Done) -> None:
            task = tasks.get(done.stage)
            if task is None:
                task = tasks[done.stage] = bar.add_task(done.stage.value, total=done.total)
            bar.update(task, completed=done.done)

        zone = settings.history.zone
        made = fill(settings.database_url, city, until=SystemClock().now(), zone=zone, report=report)
    print(f"{made.cameras} cameras of {made.departments} departments, {made.events} events, {made.people} people")
    folder = f"SHARP_EYES_DATA={data} " if data else ""
    print(f"be one of its city admins, by the link of: {folder}sharp-eyes people invite {made.admin}")
    print(f"see them with: {folder}sharp-eyes run")
