"""API keys: how programs show who they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from core.access import ApiKeyId, PersonId, Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.errors import BadInput, NotFound

from ..names import check_name
from ..page import Page
from .role_places import check_role
from .tables import api_key
from .tokens import hash_of, new_token

BEGINNING: Final = "se_"
"""By which a key is known for what it is, in a log or a repository too."""
_SHOWN: Final = 9
_SEEN_EVERY: Final = timedelta(minutes=1)
_BEFORE_ALL: Final = ApiKeyId(0)
_FIND: Final = select(api_key).where(api_key.c.key_hash == bindparam("key_hash"))


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it may be shown: the key itself is not kept."""

    id: ApiKeyId
    beginning: str
    name: str
    role: Role
    department: DepartmentId | None
    made_by: PersonId | None
    """None: by a command on the machine."""
    made_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None
    """Exact to a minute."""
    revoked_at: datetime | None

    @property
    def principal(self) -> Principal:
        """Who asks with it."""
        return Principal(PrincipalKind.KEY, self.id, self.name, self.role, self.department)


def add(
    connection: Connection,
    *,
    name: str,
    role: Role,
    department: DepartmentId | None,
    made_by: PersonId | None,
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and its text, which nobody can show again.

    Raises `BadInput` for a bad name, for an unknown department or one that does not go with the role, and for a key
    that would be over already.
    """
    check_role(connection, role, department)
    if expires_at is not None and expires_at <= at:
        raise BadInput("the key would be over before it began", field="expires_at", hint="give a time to come")
    text = new_token(BEGINNING)
    values = {
        "key_hash": hash_of(text),
        "beginning": text[:_SHOWN],
        "name": check_name(name, "an API key"),
        "role": role.value,
        "department": department,
        "made_by": made_by,
        "made_at": at,
        "expires_at": expires_at,
    }
    row = connection.execute(insert(api_key).values(values).returning(*api_key.c)).one()
    return _key(row), text


def find(connection: Connection, text: str, at: datetime) -> ApiKey | None:
    """The key of that text, where it is in force at `at`."""
    row = connection.execute(_FIND, {"key_hash": hash_of(text)}).one_or_none()
    key = None if row is None else _key(row)
    return key if key is not None and is_in_force(key, at) else None


def is_in_force(key: ApiKey, at: datetime) -> bool:
    """Whether it opens anything at `at`."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > at)


def is_due(key: ApiKey, at: datetime) -> bool:
    """Whether it should be noted that `key` was used."""
    return key.seen_at is None or abs(at - key.seen_at) >= _SEEN_EVERY


def note_use(connection: Connection, number: ApiKeyId, at: datetime) -> None:
    """Note that the key was used."""
    connection.execute(update(api_key).where(api_key.c.id == number).values(seen_at=at))


def get(connection: Connection, number: ApiKeyId) -> ApiKey:
    """The key of that number. Raises `NotFound`."""
    row = connection.execute(select(api_key).where(api_key.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no API key {number}")
    return _key(row)


def list_keys(
    connection: Connection,
    *,
    departments: Collection[DepartmentId] | None = None,
    revoked: bool | None = None,
    cursor: ApiKeyId = _BEFORE_ALL,
    limit: int = 100,
) -> Page[ApiKey, ApiKeyId]:
    """Keys by number, after `cursor`: of `departments` (None: all, also those of none), revoked ones or the others."""
    statement = select(api_key).where(api_key.c.id > cursor).order_by(api_key.c.id).limit(limit + 1)
    if departments is not None:
        statement = statement.where(api_key.c.department.in_(departments))
    if revoked is not None:
        ended = api_key.c.revoked_at
        statement = statement.where(ended.is_not(None) if revoked else ended.is_(None))
    found = [_key(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def revoke(connection: Connection, number: ApiKeyId, at: datetime) -> ApiKey:
    """Let the key open nothing from now on; repeated, it changes nothing. Raises `NotFound`."""
    living = update(api_key).where(api_key.c.id == number, api_key.c.revoked_at.is_(None))
    connection.execute(living.values(revoked_at=at))
    return get(connection, number)


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(row.id),
        beginning=row.beginning,
        name=row.name,
        role=Role(row.role),
        department=row.department,
        made_by=row.made_by,
        made_at=row.made_at,
        expires_at=row.expires_at,
        seen_at=row.seen_at,
        revoked_at=row.revoked_at,
    )
