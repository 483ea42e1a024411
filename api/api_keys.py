"""`/api-keys`: how programs show who they are."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from core.access import ApiKeyId, PersonId, Role
from core.camera import DepartmentId
from core.errors import Hidden
from registry.access import api_keys, people
from registry.access.api_keys import ApiKey
from registry.access.charge import charge_of
from registry.audit.entry import Act

from .access_fields import ApiKeyInPath, Departments, GivenRole
from .answers import Listing, Named, Paging, listing
from .caller import Who
from .fields import LAST_NUMBER, AskedInstant, Body, DepartmentNumber, Instant, Text
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/api-keys", tags=["people"])


class NewApiKey(Body):
    """A key that is to be made."""

    name: Annotated[Text, Field(description="Which program has it, and where.")]
    role: GivenRole
    department: DepartmentNumber | None = Field(default=None, description="Null: of the city as a whole.")
    expires_at: AskedInstant | None = Field(default=None, description="Null: it is in force until it is revoked.")


class ApiKeyFilter(Paging):
    """Which keys are asked for."""

    department: DepartmentNumber | None = Field(default=None, description="Those of this department alone.")
    revoked: bool | None = Field(default=None, description="Revoked ones, or the others; without it, all.")


class ApiKeyView(Body):
    """A key as it may be shown: the key itself is not kept."""

    id: int
    beginning: str = Field(description="How it begins, to know it by.")
    name: str
    role: Role
    department: Named | None = Field(description="Null: of the city as a whole.")
    made_by: Named | None = Field(description="Null: by a command on the machine.")
    made_at: Instant
    expires_at: Instant | None
    seen_at: Instant | None = Field(description="When it was last used, exact to a minute.")
    revoked_at: Instant | None


class MadeApiKeyView(Body):
    """A new key, with the text that opens."""

    key: ApiKeyView
    text: str = Field(description="The key itself, which nobody can show again.", examples=["se_..."])


def view(found: ApiKey, departments: Departments, makers: Mapping[PersonId, str]) -> ApiKeyView:
    """A key as the API shows it."""
    return ApiKeyView(
        id=found.id,
        beginning=found.beginning,
        name=found.name,
        role=found.role,
        department=departments.named(found.department),
        made_by=None if found.made_by is None else Named(id=found.made_by, name=makers[found.made_by]),
        made_at=found.made_at,
        expires_at=found.expires_at,
        seen_at=found.seen_at,
        revoked_at=found.revoked_at,
    )


@router.get("", responses=documented(Kind.BAD_INPUT))
def list_api_keys(use: Use, who: Who, asked: Annotated[ApiKeyFilter, Query()]) -> Listing[ApiKeyView]:
    """The keys that one looks after, by number; revoked ones too."""
    with use.database.read() as connection:
        departments = charge_of(connection, who.principal).departments
        if asked.department is not None:
            wanted = frozenset({asked.department})
            departments = wanted if departments is None else departments & wanted
        cursor = ApiKeyId(min(asked.cursor or 0, LAST_NUMBER))
        page = api_keys.list_keys(
            connection, departments=departments, revoked=asked.revoked, cursor=cursor, limit=asked.limit
        )
        names = Departments(connection)
        makers = people.names_of(connection, {one.made_by for one in page.items if one.made_by is not None})
    return listing(page, lambda one: view(one, names, makers))


@router.post("", status_code=201, responses=documented(Kind.BAD_INPUT))
def make_api_key(use: Use, who: Who, body: NewApiKey, response: Response) -> MadeApiKeyView:
    """Make a key for a program. The answer has its text, which nobody can show again."""
    with use.database.write() as connection:
        charge_of(connection, who.principal).check_may_give(body.role, body.department)
        made, text = api_keys.add(
            connection,
            name=body.name,
            role=body.role,
            department=body.department,
            made_by=who.person,
            at=use.clock.now(),
            expires_at=body.expires_at,
        )
        detail = {"name": made.name, "role": made.role.value, "beginning": made.beginning}
        who.changed(connection, Act.KEY_MADE, "api_key", made.id, departments=_of(made), detail=detail)
        makers = people.names_of(connection, {PersonId(who.principal.id)})
        shown = view(made, Departments(connection), makers)
    response.headers["Location"] = f"/api/v1/api-keys/{made.id}"
    return MadeApiKeyView(key=shown, text=text)


@router.delete("/{key}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def revoke_api_key(use: Use, who: Who, key: ApiKeyInPath) -> None:
    """Let the key open nothing from now on. It stays in the list, since the record names it."""
    with use.database.write() as connection:
        charge = charge_of(connection, who.principal)
        found = api_keys.get(connection, key)
        if not charge.has(found.department):
            raise Hidden(f"there is no API key {key}", kind="api_key", number=str(key), department=found.department)
        if found.revoked_at is None:
            api_keys.revoke(connection, key, use.clock.now())
            who.changed(
                connection, Act.KEY_REVOKED, "api_key", key, departments=_of(found), detail={"name": found.name}
            )


def _of(key: ApiKey) -> tuple[DepartmentId, ...]:
    return () if key.department is None else (key.department,)
