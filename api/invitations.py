"""`/invitations`: links by which somebody chooses a password and is signed in."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from core.access import Role
from core.errors import BadInput, NotFound
from registry.access import invitations, people, sessions
from registry.access.invitations import Invitation
from registry.access.password_rules import check_password
from registry.audit.entry import UNKNOWN, Act, Actor, Entry, Outcome, put

from .access_fields import Login, Password, PersonName, Token
from .authentication import address_of
from .fields import Body, Instant
from .people import of_department
from .problems import Kind, documented
from .services import Services, Use
from .session import SessionView, view
from .session_cookie import hand_out
from .signing_in import begin_session

router = APIRouter(prefix="/api/v1", tags=["session"])


class LinkToken(Body):
    """A link that somebody has."""

    token: Token


class Acceptance(Body):
    """A password that is chosen by a link."""

    token: Token
    password: Password
    login: Login | None = Field(default=None, description="By the first link of all, and by no other.")
    name: PersonName | None = Field(default=None, description="By the first link of all, and by no other.")


class WelcomeView(Body):
    """For whom a link is."""

    is_first: bool = Field(description="Whether it is for the first city admin, who chooses login and name too.")
    login: str | None
    name: str | None
    expires_at: Instant


@router.post("/invitations:look", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def look_at_invitation(use: Use, request: Request, body: LinkToken) -> WelcomeView:
    """For whom a link is; it is not used up."""
    found = _found(use, body.token.get_secret_value(), address_of(request))
    return WelcomeView(
        is_first=found.is_first,
        login=None if found.person is None else found.person.login,
        name=None if found.person is None else found.person.name,
        expires_at=found.expires_at,
    )


@router.post(
    "/invitations:accept", status_code=201, responses=documented(Kind.NOT_FOUND, Kind.CONFLICT, Kind.BAD_INPUT)
)
def accept_invitation(use: Use, request: Request, body: Acceptance, response: Response) -> SessionView:
    """Choose a password by a link, which is used up, and be signed in. Sessions that there were end."""
    token, password, address = body.token.get_secret_value(), body.password.get_secret_value(), address_of(request)
    found = _found(use, token, address)
    login, name = _names(found, body)
    check_password(password, login=login, name=name)
    kept = use.passwords.hash(password)
    at = use.clock.now()
    with use.database.write() as connection:
        used = _in_force(invitations.use(connection, token, at))
        person = used.person or people.add(
            connection, login=login, name=name, role=Role.CITY_ADMIN, department=None, at=at
        )
        person = people.set_password(connection, person.id, kept)
        sessions.end_all(connection, person.id, at)
        put(
            connection,
            Entry(
                at=at,
                act=Act.PASSWORD_CHOSEN,
                actor=Actor.of(people.principal_of(person)),
                address=address,
                object_kind="person",
                object=str(person.id),
                departments=frozenset(of_department(person)),
                detail={"by": "invitation", "is_first": used.is_first},
            ),
        )
        agent = request.headers.get("user-agent", "")
        session, cookie = begin_session(use, connection, person, at, address=address, agent=agent)
        shown = view(use, connection, people.principal_of(person), session.expires_at)
    hand_out(request, response, session, cookie, at)
    return shown


def _names(found: Invitation, body: Acceptance) -> tuple[str, str]:
    """Login and name of whoever chooses the password."""
    if found.person is not None:
        for field, value in (("login", body.login), ("name", body.name)):
            if value is not None:
                raise BadInput(f"whom this link is for has a {field} already", field=field, hint="leave it out")
        return found.person.login, found.person.name
    if body.login is None:
        raise BadInput("the first city admin chooses a login", field="login")
    if body.name is None:
        raise BadInput("the first city admin says a name", field="name")
    return body.login, body.name


def _found(use: Services, token: str, address: str) -> Invitation:
    """The invitation. Raises `NotFound`, which goes on record: somebody may be guessing."""
    at = use.clock.now()
    with use.database.read() as connection:
        found = invitations.look(connection, token, at)
    if found is None:
        refused = Entry(
            at=at,
            act=Act.REFUSAL,
            actor=UNKNOWN,
            address=address,
            object_kind="invitation",
            object="",
            outcome=Outcome.REFUSED,
            detail={"why": "this link is not in force"},
        )
        use.looks.submit(refused)
    return _in_force(found)


def _in_force(found: Invitation | None) -> Invitation:
    if found is None:
        raise NotFound("this link is not in force", hint="it works once and for some days; ask for a new one")
    return found
