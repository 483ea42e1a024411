"""People: who may sign in, and what they are here. Rows stay for ever, since the record names them."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from core.access import PersonId, Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound

from ..names import check_name
from ..page import Page
from ..search_text import folded
from ..taken import conflict_if_taken
from .role_places import check_role
from .tables import invitation, person, session
from .version import lock_access, raise_access_version

SHORTEST_LOGIN: Final = 2
LONGEST_LOGIN: Final = 64
_MARKS: Final = frozenset("._-@")
_BEFORE_ALL: Final = PersonId(0)


class PersonState(StrEnum):
    """Whether somebody can sign in."""

    INVITED = "invited"
    """Has not chosen a password yet."""
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in."""

    id: PersonId
    login: str
    """What one signs in with, in its folded form."""
    name: str
    role: Role
    department: DepartmentId | None
    """None: of the city as a whole."""
    made_at: datetime
    disabled_at: datetime | None
    revision: int
    """Counts the changes: what an `ETag` shows."""
    has_password: bool

    @property
    def state(self) -> PersonState:
        if self.disabled_at is not None:
            return PersonState.DISABLED
        return PersonState.ACTIVE if self.has_password else PersonState.INVITED


def principal_of(some: Person) -> Principal:
    """Who asks, where `some` does."""
    return Principal(PrincipalKind.PERSON, some.id, some.name, some.role, some.department)


def add(
    connection: Connection, *, login: str, name: str, role: Role, department: DepartmentId | None, at: datetime
) -> Person:
    """Somebody new, without a password yet: `invitations.make` makes the link to choose one.

    Raises `BadInput` for a bad login or name, for an unknown department or one that does not go with the role, and
    `Conflict` for a taken login.
    """
    check_role(connection, role, department)
    values = {
        "login": check_login(login),
        "name": check_name(name, "a person"),
        "role": role.value,
        "department": department,
        "made_at": at,
    }
    with conflict_if_taken(connection, f"somebody signs in as {values['login']!r} already"):
        row = connection.execute(insert(person).values(values).returning(*person.c)).one()
    raise_access_version(connection)
    return person_of(row)


def get(connection: Connection, number: PersonId) -> Person:
    """The person of that number. Raises `NotFound`."""
    row = connection.execute(select(person).where(person.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no person {number}")
    return person_of(row)


def find_by_login(connection: Connection, login: str) -> Person | None:
    """Who signs in with `login`, however it is written; what can be no login finds nobody."""
    try:
        folded_form = check_login(login)
    except BadInput:
        return None
    row = connection.execute(select(person).where(person.c.login == folded_form)).one_or_none()
    return None if row is None else person_of(row)


def kept_password(connection: Connection, number: PersonId) -> str | None:
    """The hash of somebody's password; None where none was chosen yet. For `Passwords.verify` alone."""
    return connection.execute(select(person.c.password).where(person.c.id == number)).scalar_one_or_none()


def is_anybody(connection: Connection) -> bool:
    """Whether there is any person yet."""
    return connection.execute(select(person.c.id).limit(1)).first() is not None


def list_people(
    connection: Connection,
    *,
    departments: Collection[DepartmentId] | None = None,
    q: str | None = None,
    state: PersonState | None = None,
    cursor: PersonId = _BEFORE_ALL,
    limit: int = 100,
) -> Page[Person, PersonId]:
    """People by number, after `cursor`: of `departments` (None: all, also those of none), with `q` in the name or the
    login."""
    statement = select(person).where(person.c.id > cursor).order_by(person.c.id).limit(limit + 1)
    if departments is not None:
        statement = statement.where(person.c.department.in_(departments))
    if q and q.strip():
        by_login = person.c.login.contains(folded_login(q), autoescape=True)
        statement = statement.where(or_(person.c.name.icontains(q.strip(), autoescape=True), by_login))
    if state is not None:
        statement = statement.where(_is_in(state))
    found = [person_of(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def names_of(connection: Connection, numbers: Collection[PersonId]) -> dict[PersonId, str]:
    """The names of these people."""
    found = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(numbers)))
    return {PersonId(row.id): row.name for row in found}


def change(connection: Connection, changed: Person) -> Person:
    """Give the person of that number the name, role, department and `disabled_at` of `changed`; the rest stays. Where
    nothing is different nothing happens.

    Who is disabled is signed out everywhere, and no link that was made for them is in force any more. Errors as for
    `add`; `NotFound`, and `Conflict` where the city would be left without a city admin.
    """
    lock_access(connection)  # of two admins who remove each other at once, the second sees what the first has done
    before = get(connection, changed.id)
    after = replace(
        before,
        name=check_name(changed.name, "a person"),
        role=changed.role,
        department=changed.department,
        disabled_at=changed.disabled_at,
    )
    if after == before:
        return before
    if (after.role, after.department) != (before.role, before.department):
        check_role(connection, after.role, after.department)
    if _looks_after_the_city(before) and not _looks_after_the_city(after):
        _check_not_last(connection, before)
    after = replace(after, revision=before.revision + 1)
    connection.execute(update(person).where(person.c.id == after.id).values(_values(after)))
    if after.disabled_at is not None and before.disabled_at is None:
        _shut_out(connection, after.id, after.disabled_at)
    if principal_of(after) != principal_of(before) or after.state is not before.state:
        raise_access_version(connection)
    return after


def set_password(connection: Connection, number: PersonId, kept: str) -> Person:
    """Keep the hash of a password that somebody has chosen. Raises `NotFound`.

    Links to choose one end: who has a password that nobody else knows must not have another one set by an old message.
    Sessions go on: whoever calls this ends those that shall not.
    """
    values = {"password": kept, "revision": person.c.revision + 1}
    row = connection.execute(
        update(person).where(person.c.id == number).values(values).returning(*person.c)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no person {number}")
    _end_links(connection, number)
    return person_of(row)


def rehash_password(connection: Connection, number: PersonId, before: str, kept: str) -> None:
    """Keep the same password's hash at today's costs, unless another one was chosen since `before` was read."""
    connection.execute(update(person).where(person.c.id == number, person.c.password == before).values(password=kept))


def folded_login(login: str) -> str:
    """`login` as it is compared: however it is written, it is one."""
    return unicodedata.normalize("NFKC", folded(login)).strip()


def check_login(login: str) -> str:
    """`login` in its folded form. Raises `BadInput` (field `login`)."""
    text = folded_login(login)
    if not SHORTEST_LOGIN <= len(text) <= LONGEST_LOGIN:
        raise BadInput(
            f"the login has {len(text)} characters; expected {SHORTEST_LOGIN} to {LONGEST_LOGIN}", field="login"
        )
    if not all(one in _MARKS or unicodedata.category(one)[0] in "LM" or one.isdecimal() for one in text):
        raise BadInput(
            "the login holds a character that it cannot; expected letters, digits, and . _ - @",
            field="login",
            hint="for example li.wei, or li.wei@water.example",
        )
    return text


def person_of(row: Row[tuple[object, ...]]) -> Person:
    """A row of the table of people."""
    return Person(
        id=PersonId(row.id),
        login=row.login,
        name=row.name,
        role=Role(row.role),
        department=row.department,
        made_at=row.made_at,
        disabled_at=row.disabled_at,
        revision=row.revision,
        has_password=row.password is not None,
    )


def _looks_after_the_city(some: Person) -> bool:
    return some.role is Role.CITY_ADMIN and some.disabled_at is None


def _check_not_last(connection: Connection, leaving: Person) -> None:
    others = select(func.count()).where(
        person.c.role == Role.CITY_ADMIN.value, person.c.disabled_at.is_(None), person.c.id != leaving.id
    )
    if connection.execute(others).scalar_one() == 0:
        raise Conflict(
            f"{leaving.name!r} is the last city admin, and somebody must look after the city",
            hint="make somebody else a city admin first",
        )


def _shut_out(connection: Connection, number: PersonId, at: datetime) -> None:
    open_sessions = update(session).where(session.c.person == number, session.c.ended_at.is_(None))
    connection.execute(open_sessions.values(ended_at=at))
    _end_links(connection, number)


def _end_links(connection: Connection, number: PersonId) -> None:
    connection.execute(delete(invitation).where(invitation.c.person == number, invitation.c.used_at.is_(None)))


def _is_in(state: PersonState) -> ColumnElement[bool]:
    match state:
        case PersonState.DISABLED:
            return person.c.disabled_at.is_not(None)
        case PersonState.ACTIVE:
            return and_(person.c.disabled_at.is_(None), person.c.password.is_not(None))
        case PersonState.INVITED:
            return and_(person.c.disabled_at.is_(None), person.c.password.is_(None))


def _values(some: Person) -> dict[str, Any]:
    return {
        "name": some.name,
        "role": some.role.value,
        "department": some.department,
        "disabled_at": some.disabled_at,
        "revision": some.revision,
    }
