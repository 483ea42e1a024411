"""`sharp-eyes doctor`."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from .options import Config, Json

_MARKS = {"good": "[green]good[/]    ", "doubtful": "[yellow]doubtful[/]", "bad": "[red]bad[/]     "}


def doctor(
    stream: Annotated[
        str | None,
        typer.Option(
            help="URL of a stream to open, rtsp://user:password@host/path; - reads it from standard input, where it is "
            "not seen by everybody on this machine as a command line is."
        ),
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(help="rtsps: SHA-256 of the camera's certificate, where no authority vouches for it.")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Check what the system stands on: models, database, disk, clock, port, processor, a stream; and say what to do.

    Exit code 1 if something is bad.

    Example: sharp-eyes doctor --stream rtsp://admin:secret@10.0.0.7/Streaming/Channels/102

    Example: sharp-eyes doctor --stream - < address.txt
    """
    # Imported here, since `--help` must not wait for what is examined.
    from ..doctor.examine import examine
    from ..doctor.finding import Verdict
    from ..settings import load

    if stream == "-":
        stream = sys.stdin.readline().strip()
    bad = False
    console = Console(highlight=False, soft_wrap=True)
    for finding in examine(load(config), stream, certificate):
        bad |= finding.verdict is Verdict.BAD
        if as_json:
            facts = {"check": finding.check, "verdict": finding.verdict.value, "found": finding.found}
            print(json.dumps(facts | {"advice": finding.advice}, ensure_ascii=False), flush=True)
            continue
        console.print(f"{_MARKS[finding.verdict.value]} {finding.check:<10} ", end="")
        console.print(finding.found, markup=False)
        if finding.advice:
            console.print(f"{'':20}{finding.advice}", markup=False)
    if bad:
        raise typer.Exit(1)
