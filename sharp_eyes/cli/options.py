"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="SHARP_EYES_CONFIG",
        help="The settings file. Without it: sharp-eyes.toml of this folder, if there is one.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Lines of JSON on standard output, for programs.")]
