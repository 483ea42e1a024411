"""Who asks, and what one may be allowed to do: principals, roles, rights."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType

from .camera import DepartmentId

PersonId = NewType("PersonId", int)
ApiKeyId = NewType("ApiKeyId", int)


class Role(StrEnum):
    """What somebody does here."""

    VIEWER = "viewer"
    """Looks at events and pictures."""
    OPERATOR = "operator"
    """Also takes them along: exports."""
    DEPARTMENT_ADMIN = "department_admin"
    """Also looks after the department's cameras, people and grants."""
    CITY_ADMIN = "city_admin"
    """Looks after everything."""
    AUDITOR = "auditor"
    """Reads the record of who looked at what, and no pictures."""


class Right(StrEnum):
    """What may be done with a camera and with what happened on it."""

    LIST = "list"
    """See that it is there, where, and how it is doing."""
    EVENTS = "events"
    """Read the facts of its events."""
    MEDIA = "media"
    """See its events' masked snapshots and clips."""
    LIVE = "live"
    """See its masked picture of now."""
    UNMASKED = "unmasked"
    """See originals, each time with a reason."""
    EXPORT = "export"
    """Take lists of it along as files."""
    MANAGE = "manage"
    """Change it, its streams, zones, lines and rules."""


INCLUDED: Final = MappingProxyType(
    {
        Right.LIST: frozenset({Right.LIST}),
        Right.EVENTS: frozenset({Right.EVENTS, Right.LIST}),
        Right.MEDIA: frozenset({Right.MEDIA, Right.EVENTS, Right.LIST}),
        Right.LIVE: frozenset({Right.LIVE, Right.LIST}),
        Right.UNMASKED: frozenset({Right.UNMASKED, Right.MEDIA, Right.EVENTS, Right.LIST}),
        Right.EXPORT: frozenset({Right.EXPORT, Right.EVENTS, Right.LIST}),
        Right.MANAGE: frozenset({Right.MANAGE, Right.LIST}),
    }
)
"""What each right brings along: nobody sees an event whose camera has no name."""


_LOOKING = frozenset({Right.LIST, Right.EVENTS, Right.MEDIA, Right.LIVE})
RIGHTS_AT_HOME: Final = MappingProxyType(
    {
        Role.VIEWER: _LOOKING,
        Role.OPERATOR: _LOOKING | {Right.EXPORT},
        Role.DEPARTMENT_ADMIN: _LOOKING | {Right.EXPORT, Right.MANAGE},
        Role.CITY_ADMIN: _LOOKING | {Right.EXPORT, Right.MANAGE},
        Role.AUDITOR: frozenset({Right.LIST}),
    }
)
"""What a role may do with the cameras of its own department and of all below it; a city admin's and a city-wide
auditor's department is the city. Nobody has `unmasked` by a role alone."""


class PrincipalKind(StrEnum):
    """Who can ask."""

    PERSON = "person"
    KEY = "key"
    """A program, by an API key."""
    PROGRAM = "program"
    """Sharp Eyes itself, or whoever may run its commands on the machine."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: a person, or a program with an API key."""

    kind: PrincipalKind
    id: int
    """Of the person or the key; 0 for a program of our own."""
    name: str
    role: Role
    department: DepartmentId | None
    """None: of the city as a whole."""

    @property
    def person(self) -> PersonId | None:
        """The person, where it is one."""
        return PersonId(self.id) if self.kind is PrincipalKind.PERSON else None


MACHINE: Final = Principal(PrincipalKind.PROGRAM, 0, "this machine", Role.CITY_ADMIN, None)
"""Who runs commands on the machine itself: it has the database's file or password anyway."""
