"""`sharp-eyes models`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from models.precision import Precision

from .options import Config, Json

if TYPE_CHECKING:
    from models.entry import Entry

app = typer.Typer(help="The models that look at pictures.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: Json = False, config: Config = None) -> None:
    """List the models that are known here, and which of them are ready.

    Example: sharp-eyes models list
    """
    from ..openings import model_store
    from ..settings import load

    entries = model_store(load(config)).list()
    if as_json:
        for entry in entries:
            card = entry.card
            print(
                json.dumps(
                    {
                        "name": entry.name,
                        "origin": entry.origin.value,
                        "ready": bool(entry.files),
                        "files": [{"precision": model.precision, "path": str(model.path)} for model in entry.files],
                        "task": card.task.value if card else None,
                        "labels": list(card.labels) if card else [],
                        "licence": card.licence if card else None,
                        "fault": entry.fault,
                    },
                    ensure_ascii=False,
                )
            )
        return
    table = Table("model", "finds", "labels", "licence", "state")
    for entry in entries:
        card = entry.card
        state = entry.fault or _readiness(entry)
        facts = (card.task.value, str(len(card.labels)), card.licence) if card else ("", "", "")
        table.add_row(*map(Text, (entry.name, *facts, state)))
    Console().print(table)


def _readiness(entry: "Entry") -> str:
    """Which files are here, and how to get the others."""
    here = ", ".join(model.precision for model in entry.files if model.precision)
    ready = f"ready ({here})" if here else "ready"
    if not entry.absent:
        return ready
    if not entry.files:
        return f"not here: sharp-eyes models pull {entry.name}"
    absent = " and ".join(f"--precision {which}" for which in entry.absent)
    return f"{ready}; more: sharp-eyes models pull {entry.name} {absent}"


@app.command()
def pull(
    name: Annotated[str, typer.Argument(help="Name of a model of the list.")],
    precision: Annotated[
        Precision | None, typer.Option(help="Only this one of its files; by default all that its card lists.")
    ] = None,
    config: Config = None,
) -> None:
    """Fetch the weights of a model; a broken download goes on where it stopped.

    Example: sharp-eyes models pull yolox-nano-416
    """
    from ..openings import model_store
    from ..settings import load

    store = model_store(load(config))
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    for which in (precision,) if precision else store.card(name).precisions:
        with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task(f"{name} {which or ''}", total=None)

            def show(here: int, total: int, bar: Progress = bar, task: TaskID = task) -> None:
                bar.update(task, completed=here, total=total)

            model = store.pull(name, show, which)
        print(f"{name}: ready at {model.path}")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="An ONNX file.")],
    card: Annotated[str, typer.Option(help="A card (TOML), or the name of a model of the list.")],
    config: Config = None,
) -> None:
    """Add a model from a file, described by a card. It is refused unless the two fit each other.

    Example: sharp-eyes models add yolox_nano.onnx --card yolox-nano-416
    """
    from inference.fit import open_session

    from ..openings import model_store
    from ..settings import load

    model = model_store(load(config)).add(file, card, open_session)
    print(f"{model.card.name}: added as {model.path}")


@app.command()
def verify(as_json: Json = False, config: Config = None) -> None:
    """Check every model: its hash, and that it fits its card. Exit code 1 if one is at fault.

    Example: sharp-eyes models verify
    """
    from inference.fit import open_session

    from ..openings import model_store
    from ..settings import load

    verdicts = model_store(load(config)).verify(open_session)
    for verdict in verdicts:
        if as_json:
            facts = {"name": verdict.name, "precision": verdict.precision, "state": verdict.state.value}
            print(json.dumps(facts | {"detail": verdict.detail}))
        else:
            print(f"{verdict.file}: {verdict.state.value}: {verdict.detail}")
    if any(verdict.is_fault for verdict in verdicts):
        raise typer.Exit(1)
