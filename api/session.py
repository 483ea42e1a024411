"""`/session`: who is signed in here, signing in and out, and one's own password."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from core.access import ApiKeyId, PersonId, Principal, PrincipalKind, Right, Role
from core.camera import DepartmentId
from core.errors import BadInput, Conflict
from registry.access import api_keys, people, sessions, sign_in
from registry.access.password_rules import check_password
from registry.access.version import lock_access
from registry.audit.entry import Act, Outcome
from registry.departments import get as get_department
from registry.idempotency import Transaction
from registry.visibility import EventFacts

from .access_fields import Login, Password
from .answers import Named
from .authentication import address_of
from .caller import Caller, Who
from .fields import Body, Instant
from .problems import Kind, documented
from .services import Services, Use
from .session_cookie import hand_out, take_back
from .signing_in import count_attempt, is_right, sign_in_by_password
from .written import written

router = APIRouter(prefix="/api/v1", tags=["session"])
_ADMINS = (Role.DEPARTMENT_ADMIN, Role.CITY_ADMIN)


class SignIn(Body):
    """Who wants to sign in."""

    login: Login
    password: Password


class PasswordChange(Body):
    """One's own password, and the one to have from now on."""

    current: Password
    new: Password


class SignedInView(Body):
    """A person who is signed in."""

    id: int
    login: str
    name: str


class MayView(Body):
    """What the console offers. Each route decides for itself."""

    people: bool = Field(description="Look after people and keys.")
    grants: bool = Field(description="Ask for grants and decide on them.")
    record: bool = Field(description="Read the record.")
    cameras: bool = Field(description="Add and change cameras somewhere.")
    city: bool = Field(description="Change departments, regions and workers.")


class SessionView(Body):
    """Who asks."""

    kind: Literal["person", "key"]
    person: SignedInView | None = Field(description="Null for a program.")
    key: Named | None = Field(description="The program's key; null for a person.")
    role: Role
    department: Named | None = Field(description="Null: of the city as a whole.")
    expires_at: Instant | None = Field(description="When the session or key is over at the latest; null: never.")
    event_facts: EventFacts = Field(description="With whom facts of events are shared without a grant.")
    may: MayView


def view(use: Services, connection: Transaction, principal: Principal, expires_at: datetime | None) -> SessionView:
    """Who asks, and until when."""
    person = None
    if principal.person is not None:
        found = people.get(connection, principal.person)
        person = SignedInView(id=found.id, login=found.login, name=found.name)
    is_admin = person is not None and principal.role in _ADMINS
    department = None if principal.department is None else get_department(connection, principal.department)
    manages = use.visibility.scope(connection, principal)[Right.MANAGE]
    return SessionView(
        kind="key" if person is None else "person",
        person=person,
        key=Named(id=principal.id, name=principal.name) if person is None else None,
        role=principal.role,
        department=None if department is None else Named(id=department.id, name=department.name),
        expires_at=expires_at,
        event_facts=use.visibility.facts,
        may=MayView(
            people=is_admin,
            grants=is_admin,
            record=is_admin or principal.role is Role.AUDITOR,
            cameras=not manages.is_nothing,
            city=principal.role is Role.CITY_ADMIN,
        ),
    )


@router.get("/session", response_model=SessionView)
def read_session(use: Use, who: Who) -> Response:
    """Who asks, by a session or a key."""
    with use.database.read() as connection:
        shown = view(use, connection, who.principal, _expires_at(connection, who))
    return written(shown)


@router.post("/session", status_code=201, responses=documented(Kind.NOT_SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.BAD_INPUT))
def begin_session(use: Use, request: Request, body: SignIn, response: Response) -> SessionView:
    """Sign in with login and password. The answer sets a cookie, which opens everything that the person may see."""
    person, session, token = sign_in_by_password(
        use,
        body.login,
        body.password.get_secret_value(),
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
    )
    hand_out(request, response, session, token, session.made_at)
    with use.database.read() as connection:
        return view(use, connection, people.principal_of(person), session.expires_at)


@router.delete("/session", status_code=204)
def end_session(use: Use, who: Who, request: Request, response: Response) -> None:
    """Sign out here. The browser forgets the cookie, and pictures that it has kept."""
    who.require_person(to="sign out")
    if who.session is not None:
        with use.database.write() as connection:
            sessions.end(connection, who.session, use.clock.now())
            who.changed(connection, Act.SIGN_OUT, "person", who.principal.id, departments=own_department(who))
    take_back(request, response)
    response.headers["Clear-Site-Data"] = '"cache"'


@router.put("/session/password", status_code=204, responses=documented(Kind.CONFLICT, Kind.BAD_INPUT))
def change_password(use: Use, who: Who, body: PasswordChange) -> None:
    """Choose another password. All other sessions of the person end."""
    who.require_person(to="change a password")
    current, new = body.current.get_secret_value(), body.new.get_secret_value()
    with use.database.read() as connection:
        person = people.get(connection, PersonId(who.principal.id))
    try:
        check_password(new, login=person.login, name=person.name)  # first: it is no attempt to guess the current one
    except BadInput as error:
        raise BadInput(error.message, field="new", hint=error.hint) from None
    with use.database.write() as connection:
        count_attempt(use, connection, person.login, who.address)
        kept = people.kept_password(connection, person.id)
    if kept is None or not is_right(use, kept, current, login=person.login, address=who.address):
        refused = who.entry(
            Act.PASSWORD_CHOSEN,
            "person",
            person.id,
            departments=own_department(who),
            outcome=Outcome.REFUSED,
            detail={"why": "the current password is wrong"},
        )
        use.looks.submit(refused)
        raise BadInput("that is not your password", field="current")
    chosen = use.passwords.hash(new)
    with use.database.write() as connection:
        lock_access(connection)  # PostgreSQL would let two choose at once, each beside what the other ends
        if people.kept_password(connection, person.id) != kept or not who.is_still_in_force(connection):
            raise Conflict("meanwhile the password was changed elsewhere, or this session ended", hint="sign in again")
        people.set_password(connection, person.id, chosen)
        sessions.end_all(connection, person.id, use.clock.now(), but=who.session)
        sign_in.forget(connection, person.login, who.address)
        who.changed(connection, Act.PASSWORD_CHOSEN, "person", person.id, departments=own_department(who))


def own_department(who: Caller) -> tuple[DepartmentId, ...]:
    """The department of whoever asks, for the record."""
    return () if who.principal.department is None else (who.principal.department,)


def _expires_at(connection: Transaction, who: Caller) -> datetime | None:
    if who.principal.kind is PrincipalKind.KEY:
        return api_keys.get(connection, ApiKeyId(who.principal.id)).expires_at
    return None if who.session is None else sessions.get(connection, who.session).expires_at
