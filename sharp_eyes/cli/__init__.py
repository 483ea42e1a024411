"""The command line. Exit codes: 0 done, 1 it failed, 2 what was asked for is wrong, 130 interrupted."""

import sys

import typer

from core.errors import BadInput, SharpEyesError

from . import analyze, bench, config, demo, detect, doctor, models, serve, simulate

app = typer.Typer(
    name="sharp-eyes",
    help="A city's cameras in one view: RTSP streams in, searchable events out. It says what happened, never who.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Start with: sharp-eyes demo",
)
app.command()(demo.demo)
app.command()(serve.run)
app.command()(serve.api)
app.command()(serve.worker)
app.command()(detect.detect)
app.command()(analyze.analyze)
app.command()(doctor.doctor)
app.command()(simulate.simulate)
app.add_typer(models.app, name="models")
app.add_typer(config.app, name="config")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Run the command line; an error of ours becomes one message on standard error and an exit code."""
    try:
        app()
    except SharpEyesError as error:
        print(f"sharp-eyes: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(2 if isinstance(error, BadInput) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): that is no fault, and Python need not say so at its end.
        sys.stderr.close()
        sys.exit(0)
