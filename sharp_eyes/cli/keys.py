"""`sharp-eyes keys`."""

import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.access import Role
from core.camera import DepartmentId

from .opened import changing, opened
from .options import HIGHEST_NUMBER, Config, DepartmentNumber, Json

if TYPE_CHECKING:
    from registry.access.api_keys import ApiKey

app = typer.Typer(
    help="API keys of programs. For whoever runs this machine: nothing here asks who you are.", no_args_is_help=True
)

_LONGEST_DAYS = 3660
_MOST = 1_000_000
"""In a list: all."""


@app.command("list")
def list_all(as_json: Json = False, config: Config = None) -> None:
    """Show all keys, also revoked ones. The keys themselves are not kept, and cannot be shown.

    Example: sharp-eyes keys list
    """
    from core.clock import SystemClock
    from registry.access import api_keys

    with opened(config) as (_, database), database.read() as connection:
        found = api_keys.list_keys(connection, limit=_MOST).items
    now = SystemClock().now()
    for one in found:
        if as_json:
            print(json.dumps(_facts(one), ensure_ascii=False))
        else:
            place = "the city" if one.department is None else f"department {one.department}"
            print(f"{one.id}  {one.beginning}...  {one.role.value} of {place}, {_state(one, now)}: {one.name}")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for: the name of the program.")],
    role: Annotated[Role, typer.Option(help="What the program may do.")],
    department: DepartmentNumber = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=_LONGEST_DAYS, help="For how many days it is in force. Without: for good.")
    ] = None,
    as_json: Json = False,
    config: Config = None,
) -> None:
    """Make a key and print it: nobody can show it again.

    Example: sharp-eyes keys add "water's import" --role department_admin --department 2 --days 90
    """
    from registry.access import api_keys
    from registry.audit.entry import Act

    from ..by_machine import note

    owner = None if department is None else DepartmentId(department)
    with opened(config) as (_, database), changing(database) as (connection, at):
        made, text = api_keys.add(
            connection,
            name=name,
            role=role,
            department=owner,
            made_by=None,
            at=at,
            expires_at=None if days is None else at + timedelta(days=days),
        )
        detail = {"name": made.name, "role": role.value, "beginning": made.beginning}
        note(connection, at, Act.KEY_MADE, "api_key", made.id, department=owner, detail=detail)
    if as_json:
        print(json.dumps({**_facts(made), "text": text}, ensure_ascii=False))
    else:
        print(f"key {made.id} ({made.name}), {_state(made, at)}; it is not shown again:", file=sys.stderr)
        print(text)


@app.command()
def revoke(
    number: Annotated[
        int, typer.Argument(metavar="ID", min=1, max=HIGHEST_NUMBER, help="Its number in `sharp-eyes keys list`.")
    ],
    config: Config = None,
) -> None:
    """Let a key open nothing from now on.

    Example: sharp-eyes keys revoke 3
    """
    from core.access import ApiKeyId
    from registry.access import api_keys
    from registry.audit.entry import Act

    from ..by_machine import note

    with opened(config) as (_, database), changing(database) as (connection, at):
        before = api_keys.get(connection, ApiKeyId(number))
        after = api_keys.revoke(connection, before.id, at)
        if before.revoked_at is None:
            note(connection, at, Act.KEY_REVOKED, "api_key", after.id, department=after.department)
    print(f"key {after.id} ({after.name}) is {_state(after, at)}")


def _state(key: "ApiKey", at: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked at {_written(key.revoked_at)}"
    if key.expires_at is None:
        return "in force"
    return f"{'over since' if key.expires_at <= at else 'in force until'} {_written(key.expires_at)}"


def _facts(key: "ApiKey") -> dict[str, Any]:
    times = {"made_at": key.made_at, "expires_at": key.expires_at, "seen_at": key.seen_at, "revoked_at": key.revoked_at}
    return {
        "id": key.id,
        "beginning": key.beginning,
        "name": key.name,
        "role": key.role.value,
        "department": key.department,
        **{name: None if at is None else at.isoformat() for name, at in times.items()},
    }


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
