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

    from ..resealing import Resealing
    from ..secrets_status import SecretsStatus

app = typer.Typer(
    help="The sealing key: it guards the cameras' logins, the secrets of subscriptions and original clips.",
    no_args_is_help=True,
)

_MOST_NAMED = 20


@app.command()
def status(config: Config = None, as_json: Json = False) -> None:
    """Show which keys there are, by their ids, and how many logins and secrets of subscriptions each has sealed.

    Exit code 1 if there are any that no key opens.

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
    """Make a new sealing key, and seal every stream's login and every subscription's secret with it, while everything
    goes on.

    The former key is kept in the folder former/ beside the new one: original clips that it sealed stay readable.
    Interrupted, the command is simply repeated: it first finishes what was begun.

    Example: sharp-eyes secrets rotate
    """
    from core.errors import Conflict
    from registry import sealing_key
    from registry.key_ring import KeyFiles, KeyRing

    from ..preparation import open_keys, prepare
    from ..resealing import reseal as reseal_all
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
        with console.status("sealing") as shown:

            def report(done: int) -> None:
                shown.update(f"sealing: {done} done")

            first = reseal_all(database, keys, report)
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
            done = reseal_all(database, keys, report)
            _note(database, keys, done)
            _told(done, keys, "")
    finally:
        database.close()


def _note(database: "Database", keys: "KeyRing", done: "Resealing") -> None:
    """Put on record which key is in force and how much it has sealed: the id alone, of the key nothing."""
    from core.clock import SystemClock
    from registry.audit.entry import Act
    from registry.audit.machine import put_by_machine

    sealed = {"logins": done.logins.from_former, "subscriptions": done.secrets.sealed}
    detail = {**sealed, "unopened": done.unopened}
    with database.write() as connection:
        put_by_machine(connection, SystemClock().now(), Act.CHANGE, "sealing_key", keys.current.id, detail=detail)


def _told(done: "Resealing", keys: "KeyRing", before: str) -> None:
    """Say what was done; exit code 1 where something is left that no key opens."""
    beside = f" and {done.secrets.sealed} secrets of subscriptions" if done.secrets.sealed else ""
    logins = f"{done.logins.from_former} logins{beside}"
    print(f"{before}{logins} were sealed with the key {keys.current.id}, which is in force")
    if not done.unopened:
        return
    for what, numbers in (
        ("the logins of cameras", done.logins.unopened),
        ("the secrets of subscriptions", done.secrets.unopened),
    ):
        if numbers:
            named = ", ".join(map(str, numbers[:_MOST_NAMED]))
            more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
            print(f"sharp-eyes: no key opens {what} {named}{more}", file=sys.stderr)
    print("  put their former key into the folder former/ and repeat this, or set them anew", file=sys.stderr)
    raise typer.Exit(1)


def _tell(found: "SecretsStatus") -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    current, logins = found.current

    def sealed(key: str, number: int) -> str:
        beside = found.subscriptions.get(key, 0)
        return f"{number} logins" + (f", {beside} secrets of subscriptions" if beside else "")

    console.print(f"key in force  {current}, from {found.source}: {sealed(current, logins)}")
    for key, number in found.former.items():
        left = number or found.subscriptions.get(key, 0)
        console.print(f"former key    {key}: {sealed(key, number)}" + (", to be sealed anew" if left else ""))
    for key, number in found.unknown.items():
        console.print(
            f"unknown key   {key}: {sealed(key, number)} that cannot be opened; find this key, or set them anew"
        )
    if found.unmarked:
        console.print(
            f"not marked    {found.unmarked} logins, stored by an earlier version; the next rotation marks them"
        )
    if found.former and found.older_originals is not None:
        console.print(f"originals     {found.older_originals} clips from before the key in force was made")
