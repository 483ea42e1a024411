"""`sharp-eyes bench`."""

import typer

app = typer.Typer(help="Benchmarks that anyone can run.", no_args_is_help=True)
