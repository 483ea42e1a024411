"""`sharp-eyes models`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from .options import Config, Json

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
                        "ready": entry.path is not None and entry.fault is None,
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
        state = entry.fault or ("ready" if entry.path else f"not here: sharp-eyes models pull {entry.name}")
        card = entry.card
        facts = (card.task.value, str(len(card.labels)), card.licence) if card else ("", "", "")
        table.add_row(*map(Text, (entry.name, *facts, state)))
    Console().print(table)


@app.command()
def pull(name: Annotated[str, typer.Argument(help="Name of a model of the list.")], config: Config = None) -> None:
    """Fetch the weights of a model; a broken download goes on where it stopped.

    Example: sharp-eyes models pull yolox-nano-416
    """
    from ..openings import model_store
    from ..settings import load

    store = model_store(load(config))
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        model = store.pull(name, lambda here, total: bar.update(task, completed=here, total=total))
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
            print(json.dumps({"name": verdict.name, "state": verdict.state.value, "detail": verdict.detail}))
        else:
            print(f"{verdict.name}: {verdict.state.value}: {verdict.detail}")
    if any(verdict.is_fault for verdict in verdicts):
        raise typer.Exit(1)
