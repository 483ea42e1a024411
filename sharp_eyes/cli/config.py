"""`sharp-eyes config`."""

import json

import typer
from rich.console import Console

from .options import Config, Json

app = typer.Typer(help="The settings.", no_args_is_help=True)


@app.command()
def check(config: Config = None, as_json: Json = False) -> None:
    """Check the settings: every fault with file, line, key, what was found and what is allowed.

    Example: sharp-eyes config check --config sharp-eyes.toml
    """
    from ..settings import find_file, load
    from ..settings_file import SettingsFaults

    try:
        load(config)
    except SettingsFaults as error:
        for fault in error.faults:
            if as_json:
                print(
                    json.dumps(
                        {"where": fault.where, "key": fault.key, "found": fault.found, "expected": fault.expected}
                    )
                )
            else:
                Console(stderr=True, highlight=False, soft_wrap=True).print(str(fault), markup=False)
        raise typer.Exit(2) from None
    if not as_json:
        print(f"{find_file(config) or 'no settings file, so the defaults'}: in order")


@app.command()
def show(config: Config = None) -> None:
    """Print the settings in force as JSON, passwords hidden.

    Example: sharp-eyes config show
    """
    from ingest.address import hide_secrets

    from ..settings import load

    print(hide_secrets(load(config).model_dump_json(indent=2)))


@app.command()
def reference() -> None:
    """Print the reference of all settings, in Markdown.

    Example: sharp-eyes config reference
    """
    from ..settings_page import settings_page

    print(settings_page(), end="")
