"""Options that several commands share."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from core.errors import BadInput

HIGHEST_NUMBER = 2**31 - 1
"""The databases take no greater number of anything."""

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        envvar="SHARP_EYES_CONFIG",
        help="The settings file. Without it: sharp-eyes.toml of this folder, if there is one.",
    ),
]
DepartmentNumber = Annotated[
    int | None,
    typer.Option(
        "--department", min=1, max=HIGHEST_NUMBER, help="Number of the department. Without: of the city as a whole."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Lines of JSON on standard output, for programs.")]


def only_files(paths: Iterable[Path]) -> None:
    """Raises `BadInput` where an address was given for a file, and does not repeat it: it may hold a password."""
    if any(re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)) for path in paths):
        raise BadInput(
            "an address was given where a file is read",
            hint="look at a stream with `sharp-eyes doctor --stream URL`; a file of such a name is ./NAME",
        )
