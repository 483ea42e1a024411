"""`sharp-eyes secrets`."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from .options import Config, Json

if TYPE_CHECKING:
    from registry.db import Database
    from registry.key_ring import KeyRing
    from registry.key_rotation import Resealed

    from ..secrets_status import SecretsStatus

app = typer.Typer(help="The sealing key: it guards the cameras' logins and original clips.", no_args_is_help=True)

_MOST_NAMED = 20


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """Show which keys there are, by their ids, and how many logins each has sealed.

    Exit code 1 if there are logins that no key opens.

    Example: sharp-eyes secrets status
    """
    from ..preparation import open_keys, prepare
    from ..secrets_status import secrets_status
    from ..settings import load

    settings = load(config)
    database = prepare(settings)
    try:
        found = secrets_status(settings, database, open_keys(settings))
    finally:
        database.close()
    if as_json:
        print(json.dumps(asdict(found)))
    else:
        _tell(found)
    if found.unknown:
        raise typer.Exit(1)


@app.command()
def rotate(
    reseal: Annotated[
        bool,
        typer.Option(
            "--reseal",
            help="Make no new key: seal with the one in force what others have sealed. For keys that come from the "
            "environment, or that somebody else puts in their place.",
        ),
    ] = False,
    config: Config = None,
) -> None:
    """Make a new sealing key and seal every stream's login with it, while everything goes on.

    The former key is kept in the folder former/ beside the new one: original clips that it sealed stay readable.
    Interrupted, the command is simply repeated: it first finishes what was begun.

    Example: sharp-eyes secrets rotate
    """
    from core.errors import Conflict
    from registry import sealing_key
    from registry.key_ring import KeyFiles, KeyRing
    from registry.key_rotation import reseal_logins

    from ..preparation import open_keys, prepare
    from ..settings import load

    settings = load(config)
    if settings.key is not None and not reseal:
        raise Conflict(
            "the sealing key comes from SHARP_EYES_KEY, where this command cannot put a new one",
            hint="set a new SHARP_EYES_KEY, add the old one to SHARP_EYES_FORMER_KEYS, start everything again, then: "
            "sharp-eyes secrets rotate --reseal",
        )
    database = prepare(settings)
    console = Console(stderr=True)
    try:
        keys = open_keys(settings)
        with console.status("sealing logins") as shown:

            def report(done: int) -> None:
                shown.update(f"sealing logins: {done} done")

            first = reseal_logins(database, keys, report)
            if first.from_former:
                _note(database, keys, first)
            if reseal or first.from_former:
                _told(first, keys, "" if reseal else "this finishes a rotation that was begun before; ")
                return
            if first.unopened:
                _told(first, keys, "no new key was made; ")
            files = KeyFiles(settings.sealing_key_file)
            sealing_key.replace(files.path, files.former / f"{keys.current.id}.key")
            keys = KeyRing(files)
            done = reseal_logins(database, keys, report)
            _note(database, keys, done)
            _told(done, keys, "")
    finally:
        database.close()


def _note(database: "Database", keys: "KeyRing", done: "Resealed") -> None:
    """Put on record which key is in force and how many logins it has sealed: the id alone, of the key nothing."""
    from core.clock import SystemClock
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    detail = {"logins": done.from_former, "unopened": len(done.unopened)}
    with database.write() as connection:
        put_by_machine(connection, SystemClock().now(), Act.CHANGE, "sealing_key", keys.current.id, detail=detail)


def _told(done: "Resealed", keys: "KeyRing", before: str) -> None:
    """Say what was done; exit code 1 where logins are left that no key opens."""
    print(f"{before}{done.from_former} logins were sealed with the key {keys.current.id}, which is in force")
    if not done.unopened:
        return
    named = ", ".join(str(camera) for camera in done.unopened[:_MOST_NAMED])
    more = f" and {len(done.unopened) - _MOST_NAMED} more" if len(done.unopened) > _MOST_NAMED else ""
    print(f"sharp-eyes: no key opens the logins of cameras {named}{more}", file=sys.stderr)
    print("  put their former key into the folder former/ and repeat this, or set these logins anew", file=sys.stderr)
    raise typer.Exit(1)


def _tell(found: "SecretsStatus") -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    current, logins = found.current
    console.print(f"key in force  {current}, from {found.source}: {logins} logins")
    for key, number in found.former.items():
        console.print(f"former key    {key}: {number} logins" + (", to be sealed anew" if number else ""))
    for key, number in found.unknown.items():
        console.print(f"unknown key   {key}: {number} logins that cannot be opened; find this key, or set them anew")
    if found.unmarked:
        console.print(
            f"not marked    {found.unmarked} logins, stored by an earlier version; the next rotation marks them"
        )
    if found.former and found.older_originals is not None:
        console.print(f"originals     {found.older_originals} clips from before the key in force was made")
