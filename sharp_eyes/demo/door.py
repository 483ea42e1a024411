"""How the demo's console is entered: somebody who looks after the city, with a password made for this run."""

import secrets
from dataclasses import dataclass
from typing import Final

from core.access import Role
from core.clock import Clock
from registry.access import people, sessions
from registry.access.passwords import Passwords
from registry.db import Database

_LOGIN: Final = "demo"
_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Door:
    """Where the console is, and how one gets in."""

    console: str
    login: str
    password: str


def open_door(database: Database, console: str, clock: Clock) -> Door:
    """Let `demo` sign in with a new password; the one of an earlier demo in the same folder ends with its sessions."""
    password = "-".join(secrets.token_hex(2) for _ in range(_GROUPS))
    kept = Passwords().hash(password)
    at = clock.now()
    with database.write() as connection:
        found = people.find_by_login(connection, _LOGIN) or people.add(
            connection, login=_LOGIN, name="Demo", role=Role.CITY_ADMIN, department=None, at=at
        )
        people.set_password(connection, found.id, kept)
        sessions.end_all(connection, found.id, at)
    return Door(console, _LOGIN, password)
