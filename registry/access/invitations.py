"""Invitations: links that work once, by which somebody chooses a password. Who has the link needs nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from core.errors import Conflict

from . import people
from .people import Person
from .tables import invitation, person
from .tokens import hash_of, new_token
from .version import lock_access

_KEPT_FOR: Final = timedelta(days=30)
_PRUNED_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is in force, or just was."""

    person: Person | None
    """Who chooses a password; None: the first city admin, whom `people.add` makes then."""
    expires_at: datetime

    @property
    def is_first(self) -> bool:
        """Whether it is for the first city admin."""
        return self.person is None


def make(connection: Connection, some: Person | None, at: datetime, lasts: timedelta) -> tuple[Invitation, str]:
    """A new link for `some`, or for the first city admin, and its token, which nobody can show again. Older ones of the
    same person end.

    Raises `Conflict` for somebody who is disabled, and for the first city admin where there is anybody already.
    """
    lock_access(connection)  # so that of several none is made beside a first city admin who chooses a password just now
    if some is not None and people.get(connection, some.id).disabled_at is not None:
        raise Conflict(f"{some.name!r} is disabled, and cannot be invited", hint="let them in again first")
    if some is None and people.is_anybody(connection):
        raise Conflict("the system is set up: there are people already", hint="sharp-eyes people invite LOGIN")
    number = None if some is None else some.id
    theirs = invitation.c.person.is_not_distinct_from(number)
    connection.execute(delete(invitation).where(theirs, invitation.c.used_at.is_(None)))
    _prune(connection, at)
    token = new_token()
    values = {"token_hash": hash_of(token), "person": number, "made_at": at, "expires_at": at + lasts}
    connection.execute(insert(invitation).values(values))
    return Invitation(some, at + lasts), token


def look(connection: Connection, token: str, at: datetime) -> Invitation | None:
    """The invitation of that token, where it is in force at `at`."""
    row = connection.execute(
        select(person, invitation.c.person.label("invited"), invitation.c.expires_at)
        .select_from(invitation)
        .outerjoin(person, person.c.id == invitation.c.person)
        .where(
            invitation.c.token_hash == hash_of(token),
            invitation.c.used_at.is_(None),
            invitation.c.expires_at > at,
            person.c.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None or (row.invited is None and people.is_anybody(connection)):
        return None
    return Invitation(None if row.invited is None else people.person_of(row), row.expires_at)


def use(connection: Connection, token: str, at: datetime) -> Invitation | None:
    """Use the invitation of that token up: None where it is not in force, or where somebody else was faster. In the
    transaction in which the password is set, and in which the first city admin is added."""
    lock_access(connection)
    found = look(connection, token, at)
    if found is not None:
        connection.execute(update(invitation).where(invitation.c.token_hash == hash_of(token)).values(used_at=at))
    return found


def _prune(connection: Connection, at: datetime) -> None:
    """Forget some links that were over long ago."""
    old = select(invitation.c.id).where(invitation.c.expires_at < at - _KEPT_FOR).limit(_PRUNED_AT_ONCE)
    connection.execute(delete(invitation).where(invitation.c.id.in_(old.with_for_update(skip_locked=True))))
