"""`sharp-eyes grants`."""

import json
from typing import TYPE_CHECKING, Any

import typer

from .opened import opened
from .options import Config, Json

if TYPE_CHECKING:
    from registry.access.grant import Grant
    from registry.access.grant_names import GrantNames

app = typer.Typer(help="Grants: what departments share with each other.", no_args_is_help=True)


@app.callback()
def grants() -> None:
    """Grants: what departments share with each other."""


@app.command("list")
def list_all(as_json: Json = False, config: Config = None) -> None:
    """Show all grants, newest first, also those that are over.

    Example: sharp-eyes grants list
    """
    from registry.access.grant_names import names_for
    from registry.access.grants import every

    with opened(config) as (_, database), database.read() as connection:
        found = every(connection)
        names = names_for(connection, found)
    for grant in found:
        facts = _facts(grant, names)
        if as_json:
            print(json.dumps(facts, ensure_ascii=False))
        else:
            until = "until it is revoked" if facts["until"] is None else f"until {facts['until']}"
            print(
                f"{grant.id}  {grant.state.value}: {', '.join(facts['rights'])} on {facts['on']}, by {facts['owner']}, "
                f"to {facts['to']}, {until}: {grant.purpose}"
            )


def _facts(grant: "Grant", names: "GrantNames") -> dict[str, Any]:
    return {
        "id": grant.id,
        "state": grant.state.value,
        "owner": "the city" if grant.owner is None else names.departments[grant.owner],
        "on": _on(grant, names),
        "to": _to(grant, names),
        "rights": sorted(grant.rights),
        "from": grant.from_at.isoformat(),
        "until": None if grant.until_at is None else grant.until_at.isoformat(),
        "history": grant.history,
        "purpose": grant.purpose,
        "asked_by": names.people[grant.asked_by],
    }


def _on(grant: "Grant", names: "GrantNames") -> str:
    from registry.access.grant import OnCamera, OnDepartment, OnRegion

    match grant.on:
        case OnDepartment(department=number):
            return f"department {number} ({names.departments[number]})"
        case OnRegion(region=code):
            return f"region {code} ({names.regions[code]})"
        case OnCamera(camera=camera):
            return f"camera {camera} ({names.cameras[camera]})"
        case other:
            return f"sector {other.sector.value}"


def _to(grant: "Grant", names: "GrantNames") -> str:
    from registry.access.grant import ToPerson

    if isinstance(grant.to, ToPerson):
        return f"person {grant.to.person} ({names.people[grant.to.person]})"
    role = "" if grant.to.role is None else f"{grant.to.role.value} of "
    return f"{role}department {grant.to.department} ({names.departments[grant.to.department]})"
