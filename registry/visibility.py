"""Who may see what: the one place where roles, city defaults and grants become a scope.

Every read of cameras, events, media and the record starts here. `docs/design/access.md` says what the rules are, and
`tests/support/sight.py` says them a second time, one event at a time; the two are compared.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from core.access import RIGHTS_AT_HOME, Principal, Right, Role
from core.camera import DepartmentId
from core.clock import Clock
from core.ids import EventId

from .access.department_tree import DepartmentTree
from .access.grant import Grant, GrantState, grant_of
from .access.granted import granted
from .access.tables import access_grant
from .access.version import access_now
from .reach import EVERYTHING, NOTHING, CameraSpan, Reach

_KEPT: Final = 256
_LOOKING: Final = frozenset({Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN})
_OF_THE_CITY: Final = frozenset({Role.CITY_ADMIN, Role.AUDITOR})
_FACTS: Final = frozenset({Right.LIST, Right.EVENTS})
_SINCE_EVER: Final = EventId(0)


class EventFacts(StrEnum):
    """With whom the facts of events are shared without a grant. Pictures never are."""

    CITY = "city"
    """With everybody who looks at events."""
    SECTOR = "sector"
    """With those whose department is of the same kind."""
    GRANT = "grant"
    """With nobody."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a principal reaches by each right."""

    reaches: Mapping[Right, Reach]
    version: int
    """Of access, when it was worked out."""
    ends_at: datetime | None
    """When time alone changes it: a grant begins or ends."""

    def __getitem__(self, right: Right) -> Reach:
        return self.reaches.get(right, NOTHING)


class Visibility:
    """Works scopes out, and keeps them until something changes. Any thread."""

    def __init__(self, facts: EventFacts, clock: Clock) -> None:
        self.facts = facts
        self._clock = clock
        self._lock = Lock()
        self._known: OrderedDict[Principal, Scope] = OrderedDict()

    def scope(self, connection: Connection, principal: Principal) -> Scope:
        """What `principal` may see, as `connection` sees the registry."""
        state = access_now(connection)
        now = max(self._clock.now(), state.latest_at)
        with self._lock:
            known = self._known.get(principal)
        if known is not None and known.version == state.version and (known.ends_at is None or now < known.ends_at):
            return known
        found = work_out(connection, principal, self.facts, state.version, now)
        with self._lock:
            self._known[principal] = found
            self._known.move_to_end(principal)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def grants_to(connection: Connection, principal: Principal) -> list[Grant]:
    """All approved grants that are made to `principal`, whether their time has come or not."""
    receivers = []
    if principal.department is not None:
        any_role = or_(access_grant.c.to_role.is_(None), access_grant.c.to_role == principal.role.value)
        receivers.append(and_(access_grant.c.to_department == principal.department, any_role))
    if principal.person is not None:
        receivers.append(access_grant.c.to_person == principal.person)
    if not receivers or principal.role is Role.AUDITOR:
        return []
    approved = select(access_grant).where(access_grant.c.state == GrantState.APPROVED.value, or_(*receivers))
    return [grant_of(row) for row in connection.execute(approved.order_by(access_grant.c.id))]


def work_out(connection: Connection, principal: Principal, facts: EventFacts, version: int, now: datetime) -> Scope:
    """The scope of `principal` at `now`."""
    draft = _Draft()
    tree = DepartmentTree(connection)
    if principal.department is None:
        if principal.role in _OF_THE_CITY:
            draft.everything |= RIGHTS_AT_HOME[principal.role]
    else:
        for number in tree.within(principal.department):
            draft.add_departments(_rights_at_home(principal.role, number, tree), [number], _SINCE_EVER)
    if principal.role in _LOOKING:
        if facts is EventFacts.CITY:
            draft.everything |= _FACTS
        elif facts is EventFacts.SECTOR and principal.department in tree.kinds:
            draft.add_departments(_FACTS, tree.of_sector(tree.kinds[principal.department]), _SINCE_EVER)
    turns: list[datetime] = []
    for grant in grants_to(connection, principal):
        if grant.from_at > now:
            turns.append(grant.from_at)
        elif grant.until_at is None or grant.until_at > now:
            if grant.until_at is not None:
                turns.append(grant.until_at)
            found = granted(connection, grant, tree)
            draft.add_departments(grant.rights, found.departments, found.lowest)
            for right in grant.rights:
                draft.spans[right] += found.spans
    return Scope(draft.reaches(), version, min(turns, default=None))


def _rights_at_home(role: Role, number: DepartmentId, tree: DepartmentTree) -> frozenset[Right]:
    rights = RIGHTS_AT_HOME[role]
    if role in (Role.OPERATOR, Role.DEPARTMENT_ADMIN) and number in tree.own_see_originals:
        return rights | {Right.UNMASKED}
    return rights


@dataclass(slots=True)
class _Draft:
    """A scope while it is being worked out."""

    everything: set[Right] = field(default_factory=set)
    departments: dict[Right, dict[DepartmentId, EventId]] = field(default_factory=lambda: {one: {} for one in Right})
    spans: dict[Right, list[CameraSpan]] = field(default_factory=lambda: {one: [] for one in Right})

    def add_departments(
        self, rights: Collection[Right], departments: Collection[DepartmentId], lowest: EventId
    ) -> None:
        for right in rights:
            known = self.departments[right]
            for number in departments:
                known[number] = min(lowest, known.get(number, lowest))

    def reaches(self) -> dict[Right, Reach]:
        found = {}
        for right in Right:
            if right in self.everything:
                found[right] = EVERYTHING
            elif self.departments[right] or self.spans[right]:
                found[right] = Reach(departments=self.departments[right], spans=self.spans[right])
        return found
