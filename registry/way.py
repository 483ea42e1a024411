"""A way by which somebody sees cameras: home, what is shared with many, a grant, or the city's own roles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.access import RIGHTS_AT_HOME, PersonId, Right, Role
from core.camera import DepartmentId

from .access.grant import Grant, GrantId

FACTS: Final = frozenset({Right.LIST, Right.EVENTS})
"""What is shared where event facts are."""
CITY_ROLES: Final = (Role.CITY_ADMIN, Role.AUDITOR)
"""Whose home is the city, where they are of no department."""


class WayKind(StrEnum):
    """What lets somebody see something."""

    HOME = "home"
    """One's own department, or one above it."""
    FACTS = "facts"
    """The city shares the facts of events."""
    GRANT = "grant"
    CITY = "city"
    """One looks after the city."""


@dataclass(frozen=True, slots=True)
class Way:
    """What lets somebody see something, by which rights, from when until when."""

    kind: WayKind
    rights: frozenset[Right]
    grant: GrantId | None = None
    since: datetime | None = None
    """No older events; None: all there are."""
    until: datetime | None = None


class WhoKind(StrEnum):
    """Whom a way is open to."""

    DEPARTMENT = "department"
    """All of a department but its auditors."""
    ROLE = "role"
    """All of a department who have the role."""
    PERSON = "person"
    EVERYBODY = "everybody"
    """All but auditors."""
    CITY = "city"
    """All who have the role, and are of the city as a whole."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a way is open to."""

    kind: WhoKind
    department: DepartmentId | None = None
    role: Role | None = None
    person: PersonId | None = None


def through(grant: Grant) -> Way:
    """The way that `grant` opens while it is in force."""
    return Way(WayKind.GRANT, grant.rights, grant.id, grant.since, grant.until_at)


def of_the_city(role: Role) -> Way:
    """The way of those who look after the city."""
    return Way(WayKind.CITY, RIGHTS_AT_HOME[role])


def at_home(rights: Collection[Right]) -> Way:
    """The way of those at home."""
    return Way(WayKind.HOME, frozenset(rights))
