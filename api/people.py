"""`/people`: who may sign in, and what they are here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import MISSING, Field

from core.access import PersonId, Role
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden
from registry.access import invitations, people, sessions
from registry.access.charge import charge_of
from registry.access.people import Person, PersonState
from registry.access.version import lock_access
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .access_fields import Departments, GivenRole, InvitationView, Login, PersonInPath, PersonName, link
from .answers import Listing, Named, Paging, listing
from .caller import Caller, Who
from .fields import LAST_NUMBER, Body, DepartmentNumber, Instant, Text, given
from .preconditions import Expected, Known, tag
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1/people", tags=["people"])


class NewPerson(Body):
    """Somebody who is to be invited."""

    login: Login
    name: PersonName
    role: GivenRole
    department: DepartmentNumber | None = Field(default=None, description="Null: of the city as a whole.")


class PersonChange(Body):
    """What is to be changed of a person; what is left out stays."""

    name: PersonName | MISSING = MISSING
    role: GivenRole | MISSING = MISSING
    department: DepartmentNumber | MISSING | None = MISSING
    disabled: bool | MISSING = Field(default=MISSING, description="Whether the person may not sign in any more.")

    def applied_to(self, before: Person, at: datetime) -> Person:
        """`before` with what is given, at `at`."""
        disabled_at = before.disabled_at
        if self.disabled is not MISSING and self.disabled is not (disabled_at is not None):
            disabled_at = at if self.disabled else None
        return replace(
            before,
            name=given(self.name, before.name),
            role=given(self.role, before.role),
            department=given(self.department, before.department),
            disabled_at=disabled_at,
        )


class PeopleFilter(Paging):
    """Which people are asked for."""

    department: DepartmentNumber | None = Field(default=None, description="Those of this department alone.")
    q: Annotated[Text, Field(max_length=128)] | None = Field(default=None, description="A part of name or login.")
    state: PersonState | None = None


class PersonView(Body):
    """Somebody who may sign in, or once could."""

    id: int
    login: str
    name: str
    role: Role
    department: Named | None = Field(description="Null: of the city as a whole.")
    state: PersonState
    made_at: Instant
    seen_at: Instant | None = Field(description="When something was last asked for, as far as that is kept: 30 days.")
    revision: int = Field(description="Counts the changes; its `ETag`.")


class InvitedView(Body):
    """Somebody new, and the link to hand over."""

    person: PersonView
    invitation: InvitationView


def person_in_charge(connection: Transaction, who: Caller, number: PersonId) -> Person:
    """A person whom the caller looks after. Raises `Forbidden` for whoever looks after nobody, and `NotFound` or
    `Hidden` in the same words."""
    charge = charge_of(connection, who.principal)
    found = people.get(connection, number)
    if not charge.has(found.department):
        raise Hidden(f"there is no person {number}", kind="person", number=str(number), department=found.department)
    return found


def of_department(some: Person) -> tuple[DepartmentId, ...]:
    """Whose person it is, for the record."""
    return () if some.department is None else (some.department,)


def view(found: Person, departments: Departments, seen: Mapping[PersonId, datetime]) -> PersonView:
    """A person as the API shows it."""
    return PersonView(
        id=found.id,
        login=found.login,
        name=found.name,
        role=found.role,
        department=departments.named(found.department),
        state=found.state,
        made_at=found.made_at,
        seen_at=seen.get(found.id),
        revision=found.revision,
    )


def _shown(connection: Transaction, found: Person) -> PersonView:
    return view(found, Departments(connection), sessions.last_seen(connection, [found.id]))


@router.get("", responses=documented(Kind.BAD_INPUT))
def list_people(use: Use, who: Who, asked: Annotated[PeopleFilter, Query()]) -> Listing[PersonView]:
    """The people whom one looks after, by number."""
    with use.database.read() as connection:
        departments = charge_of(connection, who.principal).departments
        if asked.department is not None:
            wanted = frozenset({asked.department})
            departments = wanted if departments is None else departments & wanted
        cursor = PersonId(min(asked.cursor or 0, LAST_NUMBER))
        page = people.list_people(
            connection, departments=departments, q=asked.q, state=asked.state, cursor=cursor, limit=asked.limit
        )
        names = Departments(connection)
        seen = sessions.last_seen(connection, [one.id for one in page.items])
    return listing(page, lambda one: view(one, names, seen))


@router.post("", status_code=201, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def add_person(use: Use, who: Who, body: NewPerson, response: Response) -> InvitedView:
    """Add somebody. The answer has a link to choose a password, which nobody can show again: hand it over yourself."""
    at = use.clock.now()
    with use.database.write() as connection:
        charge_of(connection, who.principal).check_may_give(body.role, body.department)
        added = people.add(
            connection, login=body.login, name=body.name, role=body.role, department=body.department, at=at
        )
        invitation, token = invitations.make(connection, added, at, use.access.invitation_lasts)
        who.changed(connection, Act.ADD, "person", added.id, departments=of_department(added), detail=_facts(added))
        shown = _shown(connection, added)
    response.headers.update({"Location": f"/api/v1/people/{added.id}", "ETag": tag(added.revision)})
    return InvitedView(person=shown, invitation=InvitationView(path=link(token), expires_at=invitation.expires_at))


@router.get("/{person}", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_person(use: Use, who: Who, person: PersonInPath, response: Response, known: Known) -> PersonView:
    """One person. A 304 says that nothing but `seen_at` may be different."""
    with use.database.read() as connection:
        found = person_in_charge(connection, who, person)
        shown = _shown(connection, found)
    known.answer(response, found.revision)
    return shown


@router.patch("/{person}", responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.STALE, Kind.BAD_INPUT))
def change_person(
    use: Use, who: Who, person: PersonInPath, body: PersonChange, response: Response, expected: Expected
) -> PersonView:
    """Change what is given of the person. Who is disabled is signed out everywhere at once."""
    with use.database.write() as connection:
        lock_access(connection)  # changes come one after the other
        before = person_in_charge(connection, who, person)
        expected.check(f"person {person}", before.revision)
        after = body.applied_to(before, use.clock.now())
        if person == who.person and replace(after, name=before.name) != before:
            raise Forbidden(
                "nobody changes one's own role or department, or disables oneself",
                kind="person",
                number=str(person),
                hint="ask another admin",
            )
        if (after.role, after.department) != (before.role, before.department):
            charge_of(connection, who.principal).check_may_give(after.role, after.department)
        changed = people.change(connection, after)
        if changed != before:
            concerned = {*of_department(before), *of_department(changed)}
            detail = {"before": _facts(before), "after": _facts(changed)}
            who.changed(connection, Act.CHANGE, "person", person, departments=concerned, detail=detail)
        shown = _shown(connection, changed)
    response.headers["ETag"] = tag(changed.revision)
    return shown


@router.post("/{person}:invite", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT))
def invite(use: Use, who: Who, person: PersonInPath) -> InvitationView:
    """Make a new link to choose a password; older ones of the person end. A password that there is goes on until it is
    used."""
    with use.database.write() as connection:
        found = person_in_charge(connection, who, person)
        if person == who.person:
            raise Forbidden(
                "nobody makes a link for oneself", kind="person", number=str(person), hint="change your password"
            )
        invitation, token = invitations.make(connection, found, use.clock.now(), use.access.invitation_lasts)
        who.changed(connection, Act.INVITE, "person", person, departments=of_department(found))
    return InvitationView(path=link(token), expires_at=invitation.expires_at)


def _facts(some: Person) -> dict[str, object]:
    """What the record tells of a person."""
    return {
        "login": some.login,
        "name": some.name,
        "role": some.role.value,
        "department": some.department,
        "disabled": some.disabled_at is not None,
    }
