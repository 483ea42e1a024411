"""Who is let in by login and password."""

from datetime import datetime

from core.errors import SignInFailed, TooMany
from registry.access import people, sessions, sign_in
from registry.access.people import Person
from registry.access.sessions import Session
from registry.access.version import lock_access
from registry.audit.entry import UNKNOWN, Act, Actor, Entry, Outcome, put
from registry.idempotency import Transaction

from .services import Services


def begin_session(
    use: Services, connection: Transaction, person: Person, at: datetime, *, address: str, agent: str
) -> tuple[Session, str]:
    """A new session with its token, on record."""
    session, token = sessions.begin(connection, person, at, address=address, agent=agent, settings=use.access)
    entry = _entry(Actor.of(people.principal_of(person)), person, at, address, {"session": session.id})
    put(connection, entry)
    return session, token


def count_attempt(use: Services, connection: Transaction, login: str, address: str) -> None:
    """Count an attempt to show a password as a failure until it is known to be none: of many that are sent at once no
    more are tried than one after the other. Raises `TooMany`."""
    lock_access(connection)  # PostgreSQL would let several look before one of them is counted
    at = use.clock.now()  # now that it is our turn: else some would seem to come before those that were counted
    sign_in.check_allowed(connection, login, address, at)
    sign_in.note_failure(connection, login, address, at)


def is_right(use: Services, kept: str | None, password: str, *, login: str, address: str) -> bool:
    """Whether `kept` was made of `password`, in an attempt that was counted. Raises `TooMany`: then it counts no more,
    else whoever keeps the server busy would have others wait for ever longer."""
    try:
        return use.passwords.verify(kept, password)
    except TooMany:
        with use.database.write() as connection:
            sign_in.take_back(connection, login, address)
        raise


def sign_in_by_password(
    use: Services, login: str, password: str, *, address: str, agent: str
) -> tuple[Person, Session, str]:
    """Sign in whoever has that login and password. Raises `SignInFailed`, in the same words and after as long whatever
    the reason, and `TooMany`."""
    at = use.clock.now()
    with use.database.write() as connection:
        count_attempt(use, connection, login, address)
        found = people.find_by_login(connection, login)
        kept = people.kept_password(connection, found.id) if found is not None and found.disabled_at is None else None
    fits = is_right(use, kept, password, login=login, address=address)
    anew = use.passwords.hash(password) if fits and kept is not None and use.passwords.needs_rehash(kept) else None
    entered = None
    with use.database.write() as connection:
        person = None if found is None else people.get(connection, found.id)
        if fits and person is not None and kept is not None and _is_still(connection, person, kept):
            sign_in.forget(connection, login, address)
            if anew is not None:
                people.rehash_password(connection, person.id, kept, anew)
            entered = (person, *begin_session(use, connection, person, at, address=address, agent=agent))
        else:
            put(connection, _refusal(person, at, address))
    if entered is None:
        raise SignInFailed(
            "login and password do not fit", hint="who has forgotten a password asks an admin for a link"
        )
    return entered


def _is_still(connection: Transaction, person: Person, kept: str) -> bool:
    """Whether nobody has disabled the person, or chosen another password, while this one was looked at."""
    return person.disabled_at is None and people.kept_password(connection, person.id) == kept


def _refusal(person: Person | None, at: datetime, address: str) -> Entry:
    """What was typed may be a password in the wrong field: a login that nobody has is not kept."""
    if person is None:
        why = "nobody has this login"
    elif person.disabled_at is not None:
        why = "the account is disabled"
    elif not person.has_password:
        why = "no password was chosen yet"
    else:
        why = "the password is wrong"
    return _entry(UNKNOWN, person, at, address, {"why": why}, outcome=Outcome.REFUSED)


def _entry(
    actor: Actor,
    person: Person | None,
    at: datetime,
    address: str,
    detail: dict[str, object],
    *,
    outcome: Outcome = Outcome.DONE,
) -> Entry:
    department = None if person is None else person.department
    return Entry(
        at=at,
        act=Act.SIGN_IN,
        actor=actor,
        address=address,
        object_kind="person",
        object="" if person is None else str(person.id),
        outcome=outcome,
        departments=frozenset() if department is None else frozenset({department}),
        detail=detail,
    )
