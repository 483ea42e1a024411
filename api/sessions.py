"""`/sessions`: where somebody is signed in."""

from fastapi import APIRouter
from pydantic import Field

from core.access import PersonId
from core.errors import Forbidden, Hidden
from registry.access import people, sessions
from registry.access.charge import charge_of
from registry.access.people import Person
from registry.access.sessions import Session
from registry.audit.entry import Act
from registry.idempotency import Transaction

from .access_fields import PersonInPath, SessionInPath
from .answers import Listing
from .caller import Caller, Who
from .fields import Body, Instant
from .people import of_department, person_in_charge
from .problems import Kind, documented
from .services import Services, Use

router = APIRouter(prefix="/api/v1", tags=["session"])


class SignedInHere(Body):
    """A place where somebody is signed in."""

    id: int
    made_at: Instant
    seen_at: Instant = Field(description="Exact to a minute.")
    expires_at: Instant = Field(description="At the latest: it ends earlier when it is not used for some hours.")
    address: str = Field(description="From where it was begun.")
    agent: str = Field(description="What the browser called itself.")
    is_this: bool = Field(description="Whether it is the one by which this was asked.")


@router.get("/sessions")
def list_own_sessions(use: Use, who: Who) -> Listing[SignedInHere]:
    """Where one is signed in oneself, the newest first."""
    who.require_person(to="have sessions")
    with use.database.read() as connection:
        return _sessions(use, connection, who, PersonId(who.principal.id))


@router.get("/people/{person}/sessions", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_sessions(use: Use, who: Who, person: PersonInPath) -> Listing[SignedInHere]:
    """Where somebody is signed in, the newest first."""
    with use.database.read() as connection:
        person_in_charge(connection, who, person)
        return _sessions(use, connection, who, person)


@router.delete("/people/{person}/sessions", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def end_sessions(use: Use, who: Who, person: PersonInPath) -> None:
    """Sign somebody out everywhere."""
    with use.database.write() as connection:
        found = person_in_charge(connection, who, person)
        ended = sessions.end_all(connection, person, use.clock.now())
        if ended:
            detail = {"sessions": ended}
            who.changed(
                connection, Act.SESSION_ENDED, "person", person, departments=of_department(found), detail=detail
            )


@router.delete("/sessions/{session}", status_code=204, responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def end_session(use: Use, who: Who, session: SessionInPath) -> None:
    """End a session, of one's own or of somebody whom one looks after. Repeated, it changes nothing."""
    who.require_person(to="end sessions")
    with use.database.write() as connection:
        found = sessions.get(connection, session)
        person = people.get(connection, found.person)
        if person.id != who.person and not _looks_after(connection, who, person):
            raise Hidden(f"there is no session {session}", kind="session", number=str(session))
        if any(one.id == session for one in sessions.list_of(connection, person.id, use.clock.now(), use.access)):
            sessions.end(connection, session, use.clock.now())
            detail = {"session": session}
            who.changed(
                connection, Act.SESSION_ENDED, "person", person.id, departments=of_department(person), detail=detail
            )


def _looks_after(connection: Transaction, who: Caller, person: Person) -> bool:
    try:
        return charge_of(connection, who.principal).has(person.department)
    except Forbidden:
        return False


def _sessions(use: Services, connection: Transaction, who: Caller, person: PersonId) -> Listing[SignedInHere]:
    found = sessions.list_of(connection, person, use.clock.now(), use.access)
    return Listing(items=tuple(_view(one, who) for one in found))


def _view(found: Session, who: Caller) -> SignedInHere:
    return SignedInHere(
        id=found.id,
        made_at=found.made_at,
        seen_at=found.seen_at,
        expires_at=found.expires_at,
        address=found.address,
        agent=found.agent,
        is_this=found.id == who.session,
    )
