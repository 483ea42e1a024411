"""`sharp-eyes people`."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from core.access import Role
from core.camera import DepartmentId

from .opened import changing, opened
from .options import Config, DepartmentNumber, Json

if TYPE_CHECKING:
    from registry.access.invitations import Invitation
    from registry.access.people import Person
    from registry.idempotency import Transaction

    from ..settings import Settings

app = typer.Typer(
    help="People who sign in. For whoever runs this machine: nothing here asks who you are.", no_args_is_help=True
)

_MOST = 1_000_000
"""In a list: everybody."""

Login = Annotated[str, typer.Argument(help="What they sign in with: letters, digits, and . _ - @")]
Url = Annotated[
    str | None,
    typer.Option(help="Where browsers find the console (https://eyes.city.example), for the link. Else: the settings."),
]


@app.command("list")
def list_all(as_json: Json = False, config: Config = None) -> None:
    """Show everybody: what they are here, of which department, and whether they can sign in.

    Example: sharp-eyes people list
    """
    from registry.access import people

    with opened(config) as (_, database), database.read() as connection:
        found = people.list_people(connection, limit=_MOST).items
    for one in found:
        facts = {"login": one.login, "name": one.name, "role": one.role.value, "state": one.state.value}
        if as_json:
            print(json.dumps({"id": one.id, **facts, "department": one.department}, ensure_ascii=False))
        else:
            place = "the city" if one.department is None else f"department {one.department}"
            print(f"{one.login}  {one.role.value} of {place}, {one.state.value}: {one.name}")


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="What others call them.")],
    role: Annotated[Role, typer.Option(help="What they do here.")],
    department: DepartmentNumber = None,
    url: Url = None,
    config: Config = None,
) -> None:
    """Add somebody, and print the link by which they choose a password: it works once, for those who have it.

    Example: sharp-eyes people add li.wei --name "Li Wei" --role operator --department 2
    """
    from registry.access import people
    from registry.audit.entry import Act

    from ..by_machine import note

    owner = None if department is None else DepartmentId(department)
    with opened(config) as (settings, database), changing(database) as (connection, at):
        added = people.add(connection, login=login, name=name, role=role, department=owner, at=at)
        note(
            connection,
            at,
            Act.ADD,
            "person",
            added.id,
            department=owner,
            detail={"login": added.login, "name": added.name, "role": role.value},
        )
        made, link = _invite(connection, settings, added, url, at)
    _tell(made, link)


@app.command()
def invite(login: Login, url: Url = None, config: Config = None) -> None:
    """Print a new link by which somebody chooses a password, also one who has forgotten it. Older links end.

    Example: sharp-eyes people invite li.wei
    """
    with opened(config) as (settings, database), changing(database) as (connection, at):
        made, link = _invite(connection, settings, _found(connection, login), url, at)
    _tell(made, link)


@app.command()
def disable(login: Login, config: Config = None) -> None:
    """Let somebody sign in no more, and sign them out everywhere. The record goes on naming them.

    Example: sharp-eyes people disable li.wei
    """
    _set_disabled(config, login, disabled=True)


@app.command()
def enable(login: Login, config: Config = None) -> None:
    """Let somebody who was disabled sign in again, with the password that they had.

    Example: sharp-eyes people enable li.wei
    """
    _set_disabled(config, login, disabled=False)


@app.command("setup-link")
def setup_link(url: Url = None, config: Config = None) -> None:
    """Print a new link by which the first city admin chooses a password, while there is nobody yet. Older ones end.

    Example: sharp-eyes people setup-link
    """
    from core.clock import SystemClock

    from ..first_start import make_set_up_link
    from ..welcome import console_address

    with opened(config) as (settings, database):
        made, link = make_set_up_link(database, settings, console_address(settings, url=url), SystemClock().now())
    _tell(made, link)


def _set_disabled(config: Config, login: str, *, disabled: bool) -> None:
    from dataclasses import replace

    from registry.access import people
    from registry.audit.entry import Act

    from ..by_machine import note

    with opened(config) as (_, database), changing(database) as (connection, at):
        before = _found(connection, login)
        if (before.disabled_at is not None) is not disabled:
            people.change(connection, replace(before, disabled_at=at if disabled else None))
            detail = {"disabled": {"before": not disabled, "after": disabled}}
            note(connection, at, Act.CHANGE, "person", before.id, department=before.department, detail=detail)
    print(f"{before.login} ({before.name}) {'is disabled' if disabled else 'may sign in'}")


def _found(connection: "Transaction", login: str) -> "Person":
    from core.errors import NotFound
    from registry.access import people

    found = people.find_by_login(connection, login)
    if found is None:
        raise NotFound(f"nobody signs in as {login!r}", hint="sharp-eyes people list")
    return found


def _invite(
    connection: "Transaction", settings: "Settings", some: "Person", url: str | None, at: datetime
) -> tuple["Invitation", str]:
    from registry.access import invitations
    from registry.audit.entry import Act

    from ..by_machine import note
    from ..welcome import console_address, welcome_link

    address = console_address(settings, url=url)
    made, token = invitations.make(connection, some, at, settings.access.invitation_lasts)
    note(connection, at, Act.INVITE, "person", some.id, department=some.department)
    return made, welcome_link(address, token)


def _tell(made: "Invitation", link: str) -> None:
    """The link alone on standard output, for programs too."""
    from ..welcome import in_force_until

    whom = "the first city admin" if made.person is None else made.person.login
    print(f"by this link {whom} chooses a password; it works once, until {in_force_until(made)}:", file=sys.stderr)
    print(link)
