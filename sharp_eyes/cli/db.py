"""`sharp-eyes db`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from .options import Config, Json

if TYPE_CHECKING:
    from ..database.archive import Report

app = typer.Typer(help="The database: its form, copies of it, and how to get it back.", no_args_is_help=True)


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """Show which database is used, the form of its tables, and whether `db upgrade` would change it.

    Example: sharp-eyes db status
    """
    from ..database.state import database_state
    from ..settings import load

    found = database_state(load(config))
    if as_json:
        print(found.model_dump_json())
        return
    print(f"database  {found.place}" + ("" if found.bytes is None else f", {found.bytes / 1e6:.1f} MB"))
    if found.form is None:
        print("form      no tables yet; they are made at the first start, or by: sharp-eyes db upgrade")
    elif found.form == found.newest:
        print(f"form      {found.form}, which is the newest")
    else:
        print(f"form      {found.form}; the next start, or `sharp-eyes db upgrade`, brings it to {found.newest}")
    for name, number in found.rows.items():
        print(f"{name:<9} {number}")


@app.command()
def upgrade(config: Config = None) -> None:
    """Make the tables, or bring them to the form of this version. Every start does so too.

    Programs of the version before may go on meanwhile, and afterwards.

    Example: sharp-eyes db upgrade
    """
    from ..database.state import database_state
    from ..logs import configure_logging
    from ..preparation import prepare
    from ..settings import load

    configure_logging()
    settings = load(config)
    before = database_state(settings)
    prepare(settings).close()
    after = database_state(settings)
    change = "as before" if before.form == after.form else f"was {before.form}"
    print(f"{after.place}: form {after.form}, {change}")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The new file; one that is there is not written over.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="The sealing keys too: then whoever has the file can read all logins.")
    ] = False,
    config: Config = None,
) -> None:
    """Copy the database into one file, in one consistent state, while everything goes on.

    Not in it: pictures and clips (the blobs), and the sealing key unless --with-key. Both need copies of their own.

    Example: sharp-eyes db backup /backup/sharp-eyes-2026-11-30.zip
    """
    from registry.db import open_database

    from ..database.backup import back_up
    from ..settings import load

    settings = load(config)
    database = open_database(settings.database_url)
    try:
        with _progress() as report:
            manifest = back_up(settings, database, file.absolute(), with_key=with_key, report=report)
    finally:
        database.close()
    print(f"{file}: {sum(manifest.rows.values())} rows, form {manifest.form}, SHA-256 {manifest.sha256}")
    print(f"not in it: {', '.join(manifest.not_in_it)}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What `sharp-eyes db backup` has made.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="The database's content goes, and that of the backup takes its place."),
    ] = False,
    config: Config = None,
) -> None:
    """Make the database as it was in a backup, and bring it to the form of this version.

    Everything else must be stopped. The backup is checked first, and what is there stays until the copy is whole.

    Example: sharp-eyes db restore /backup/sharp-eyes-2026-11-30.zip
    """
    from ..database.archive import Archive
    from ..database.restore import restore as get_back
    from ..settings import load

    archive = Archive(file)
    try:
        with _progress() as report:
            manifest = get_back(load(config), archive, replace=replace, report=report)
    finally:
        archive.close()
    print(f"{sum(manifest.rows.values())} rows, as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
    print(f"not in it, and to be put back by yourself: {', '.join(manifest.not_in_it)}")


@app.command()
def recount(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit code 1 if something differs.")] = False,
    config: Config = None,
) -> None:
    """Count all events again, and put the tallies right that facets and histograms are answered from.

    The database keeps them by itself: this is for after a repair by hand, or a doubt. Ten days at a time, what differs
    in a transaction of its own: everything may go on meanwhile.

    Example: sharp-eyes db recount --check
    """
    from events.tallies.recount import difference, parts, put_right

    from .opened import opened

    wrong = 0
    with opened(config) as (_, database), _progress() as report:
        with database.read() as connection:
            stretches = parts(connection)
        for done, stretch in enumerate(stretches):
            report("counting", done / len(stretches))
            with database.read() as connection:
                found = len(difference(connection, stretch))
            if found and not check:
                with database.write() as connection:
                    found = put_right(connection, stretch)
            wrong += found
    if not wrong:
        print("the tallies are what the events come to")
    elif check:
        print(f"{wrong} rows of the tallies differ from the events; put them right by: sharp-eyes db recount")
        raise typer.Exit(1)
    else:
        print(f"{wrong} rows of the tallies differed from the events, and are put right")


@contextmanager
def _progress() -> Iterator["Report"]:
    """One line that says what is being done; nothing where nobody watches."""
    with Console(file=sys.stderr).status("reading") as shown:

        def report(what: str, share: float | None) -> None:
            shown.update(what if share is None else f"{what}: {share:.0%}")

        yield report
