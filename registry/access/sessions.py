"""Sessions: who is signed in where. The token is the browser's; what is kept of it opens nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from core.access import PersonId
from core.errors import NotFound

from .people import Person, person_of
from .settings import AccessSettings
from .tables import person, session
from .tokens import hash_of, new_token

SessionId = NewType("SessionId", int)

_SEEN_EVERY: Final = timedelta(minutes=1)
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""So far ahead of the clock a use may lie: several machines differ, and clocks are corrected."""
_KEPT_FOR: Final = timedelta(days=30)
_PRUNED_AT_ONCE: Final = 50
_LONGEST_ADDRESS: Final = 64
_LONGEST_AGENT: Final = 256

_OF_SESSION: Final = (
    session.c.id.label("session"),
    session.c.made_at.label("begun_at"),
    session.c.seen_at,
    session.c.expires_at,
    session.c.address,
    session.c.agent,
)
_FIND: Final = (
    select(person, *_OF_SESSION)
    .join(person, person.c.id == session.c.person)
    .where(
        session.c.token_hash == bindparam("token_hash"),
        session.c.ended_at.is_(None),
        session.c.expires_at > bindparam("at", type_=session.c.expires_at.type),
        session.c.seen_at > bindparam("idle_since", type_=session.c.seen_at.type),
        session.c.seen_at < bindparam("ahead", type_=session.c.seen_at.type),
        person.c.disabled_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in."""

    id: SessionId
    person: PersonId
    made_at: datetime
    seen_at: datetime
    """Exact to a minute."""
    expires_at: datetime
    """At the latest: before that where nothing is asked for a while."""
    address: str
    """From where it was begun, as an IP address."""
    agent: str
    """What the browser called itself; cut to 256 characters."""


def begin(
    connection: Connection, some: Person, at: datetime, *, address: str, agent: str, settings: AccessSettings
) -> tuple[Session, str]:
    """Sign `some` in: a new session, and its token, which nobody can show again."""
    _prune(connection, at)
    token = new_token()
    values = {
        "token_hash": hash_of(token),
        "person": some.id,
        "made_at": at,
        "seen_at": at,
        "expires_at": at + settings.session_lasts,
        "address": address[:_LONGEST_ADDRESS],
        "agent": "".join(one for one in agent if one.isprintable())[:_LONGEST_AGENT],
    }
    number = connection.execute(insert(session).values(values).returning(session.c.id)).scalar_one()
    return get(connection, SessionId(number)), token


def find(connection: Connection, token: str, at: datetime, settings: AccessSettings) -> tuple[Session, Person] | None:
    """The session of that token with who is signed in, where it is in force at `at`: not ended, not over, not idle for
    too long, and nobody's who was disabled.

    Nor one that was used minutes after `at`: by a clock that was set back it would last as much longer, or begin again.
    """
    asked = {
        "token_hash": hash_of(token),
        "at": at,
        "idle_since": at - settings.session_idle,
        "ahead": at + _CLOCKS_DIFFER,
    }
    row = connection.execute(_FIND, asked).one_or_none()
    if row is None:
        return None
    some = person_of(row)
    found = Session(SessionId(row.session), some.id, row.begun_at, row.seen_at, row.expires_at, row.address, row.agent)
    return found, some


def is_due(found: Session, at: datetime) -> bool:
    """Whether it should be noted that the session was used; a clock that was set back a little is followed."""
    return abs(at - found.seen_at) >= _SEEN_EVERY


def note_use(connection: Connection, number: SessionId, at: datetime) -> None:
    """Note that the session was used."""
    connection.execute(update(session).where(session.c.id == number, session.c.ended_at.is_(None)).values(seen_at=at))


def get(connection: Connection, number: SessionId) -> Session:
    """The session of that number, also one that is over. Raises `NotFound`."""
    row = connection.execute(select(session).where(session.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no session {number}")
    return _session(row)


def end(connection: Connection, number: SessionId, at: datetime) -> None:
    """Let the session open nothing from now on; repeated, it changes nothing."""
    connection.execute(update(session).where(session.c.id == number, session.c.ended_at.is_(None)).values(ended_at=at))


def end_all(connection: Connection, number: PersonId, at: datetime, *, but: SessionId | None = None) -> int:
    """End all sessions of somebody, but for one; how many these were."""
    theirs = update(session).where(session.c.person == number, session.c.ended_at.is_(None))
    if but is not None:
        theirs = theirs.where(session.c.id != but)
    return connection.execute(theirs.values(ended_at=at)).rowcount


def list_of(connection: Connection, number: PersonId, at: datetime, settings: AccessSettings) -> list[Session]:
    """Somebody's sessions that are in force at `at`, the newest first."""
    theirs = select(session).where(
        session.c.person == number,
        session.c.ended_at.is_(None),
        session.c.expires_at > at,
        session.c.seen_at > at - settings.session_idle,
        session.c.seen_at < at + _CLOCKS_DIFFER,
    )
    return [_session(row) for row in connection.execute(theirs.order_by(session.c.id.desc()))]


def last_seen(connection: Connection, numbers: Collection[PersonId]) -> dict[PersonId, datetime]:
    """When each of these people was last seen, as far as sessions are kept: 30 days beyond their end."""
    latest = func.max(session.c.seen_at)
    found = select(session.c.person, latest.label("at")).where(session.c.person.in_(numbers))
    return {PersonId(row.person): row.at for row in connection.execute(found.group_by(session.c.person))}


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        SessionId(row.id), PersonId(row.person), row.made_at, row.seen_at, row.expires_at, row.address, row.agent
    )


def _prune(connection: Connection, at: datetime) -> None:
    """Forget some sessions that were over long ago: each new one takes along more than it leaves."""
    old = select(session.c.id).where(session.c.expires_at < at - _KEPT_FOR)
    some = old.order_by(session.c.expires_at).limit(_PRUNED_AT_ONCE).with_for_update(skip_locked=True)
    connection.execute(delete(session).where(session.c.id.in_(some)))
