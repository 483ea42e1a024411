"""The command line. Exit codes: 0 done, 1 it failed, 2 what was asked for is wrong, 130 interrupted."""

import sys
import traceback
from contextlib import suppress
from io import TextIOWrapper

import typer

from core.errors import BadInput, SharpEyesError

from . import (
    analyze,
    audit,
    bench,
    cameras,
    config,
    db,
    demo,
    detect,
    doctor,
    grants,
    health,
    holds,
    keys,
    media,
    models,
    people,
    retention,
    rules,
    secrets,
    serve,
    simulate,
    subscriptions,
)

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
app.command()(serve.alerts)
app.command()(detect.detect)
app.command()(analyze.analyze)
app.command()(doctor.doctor)
app.command()(health.health)
app.command()(simulate.simulate)
app.add_typer(models.app, name="models")
app.add_typer(people.app, name="people")
app.add_typer(keys.app, name="keys")
app.add_typer(grants.app, name="grants")
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(holds.app, name="holds")
app.add_typer(cameras.app, name="cameras")
app.add_typer(rules.app, name="rules")
app.add_typer(retention.app, name="retention")
app.add_typer(config.app, name="config")
app.add_typer(db.app, name="db")
app.add_typer(media.app, name="media")
app.add_typer(secrets.app, name="secrets")
app.add_typer(audit.app, name="audit")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Run the command line; an error of ours becomes one message on standard error and an exit code."""
    # Names of files may be no text (and a terminal may know few letters): told with escapes, as JSON has them too.
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, TextIOWrapper):
            out.reconfigure(errors="backslashreplace")
    try:
        _run()
    except SharpEyesError as error:
        print(f"sharp-eyes: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(2 if isinstance(error, BadInput) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): that is no fault.
        _give_output_up()
        sys.exit(0)
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        print(f"sharp-eyes: {what}{error.strerror or error}", file=sys.stderr)
        _give_output_up()
        sys.exit(1)
    except Exception:
        # As Python would, but for what its message may hold.
        print(_without_secrets(traceback.format_exc()), end="", file=sys.stderr)
        sys.exit(1)


def _run() -> None:
    try:
        app()
    finally:
        # What is still to be written is written here, where a full disk can be told, and not at Python's end.
        sys.stdout.flush()


def _give_output_up() -> None:
    """Else Python tries to write the rest at its end, and complains."""
    with suppress(OSError):
        sys.stdout.close()


def _without_secrets(text: str) -> str:
    from ingest.address import hide_secrets

    return hide_secrets(text)
