"""Who may see what: the one place where roles, city defaults and grants become a scope.

Every read of cameras, events, media and the record starts here. `docs/design/access.md` says what the rules are, and
`tests/support/sight.py` says them a second time, one event at a time; the two are compared.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy import Connection, and_, or_, select

from core.access import RIGHTS_AT_HOME, Principal, Right, Role
from core.camera import DepartmentId
from core.clock import Clock
from core.ids import EventId

from .access.department_tree import DepartmentTree
from .access.grant import Grant, GrantState, Subject, grant_of
from .access.granted import Grounds
from .access.home import is_of_the_city, rights_at_home
from .access.onward import Onward
from .access.tables import access_grant
from .access.version import access_now
from .db import is_reading
from .event_facts import EventFacts as EventFacts
from .reach import NOTHING, Reach
from .scope_draft import ScopeDraft
from .way import FACTS

_MOST_KEPT: Final = 2_000
_MOST_SPANS: Final = 3_000_000
"""In all scopes that are kept: about 60 MB."""
_LOOKING: Final = frozenset({Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN})
_SINCE_EVER: Final = EventId(0)


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

    @property
    def spans(self) -> int:
        """How many spans of cameras it holds: what it takes room for."""
        return sum(reach.cameras.size for reach in {id(reach): reach for reach in self.reaches.values()}.values())


class Visibility:
    """Works scopes out, and keeps them until something changes. Any thread."""

    def __init__(self, facts: EventFacts, clock: Clock) -> None:
        self.facts = facts
        self._time = Onward(clock)
        self._lock = Lock()
        self._known: OrderedDict[Principal, Scope] = OrderedDict()
        self._spans = 0

    def scope(self, connection: Connection, principal: Principal) -> Scope:
        """What `principal` may see, as `connection` sees the registry."""
        state = access_now(connection)
        now = self._time.now(state.latest_at)
        with self._lock:
            known = self._known.get(principal)
            if known is not None and known.version == state.version and (known.ends_at is None or now < known.ends_at):
                self._known.move_to_end(principal)
                return known
        found = work_out(connection, principal, self.facts, state.version, now)
        if is_reading(connection):  # what a change sees of itself may never be committed, and its version given again
            with self._lock:
                self._keep(principal, found)
        return found

    def now(self, connection: Connection) -> datetime:
        """The moment by which grants go: it does not run back where the machine's clock does."""
        return self._time.now(access_now(connection).latest_at)

    def _keep(self, principal: Principal, found: Scope) -> None:
        """Keep it, and forget those that were not asked for the longest."""
        if (before := self._known.pop(principal, None)) is not None:
            self._spans -= before.spans
        self._known[principal] = found
        self._spans += found.spans
        while len(self._known) > _MOST_KEPT or (self._spans > _MOST_SPANS and len(self._known) > 1):
            self._spans -= self._known.popitem(last=False)[1].spans


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
    draft = ScopeDraft()
    tree = DepartmentTree(connection)
    if principal.department is not None:
        for number in tree.within(principal.department):
            draft.add_departments(rights_at_home(principal.role, number, tree), [number], _SINCE_EVER)
    elif is_of_the_city(principal):
        draft.add_everything(RIGHTS_AT_HOME[principal.role])
    if principal.role in _LOOKING:
        if facts is EventFacts.CITY:
            draft.add_everything(FACTS)
        elif facts is EventFacts.SECTOR and principal.department in tree.kinds:
            draft.add_departments(FACTS, tree.of_sector(tree.kinds[principal.department]), _SINCE_EVER)
    turns: list[datetime] = []
    in_force: list[Grant] = []
    for grant in grants_to(connection, principal):
        if grant.from_at > now:
            turns.append(grant.from_at)
        elif grant.until_at is None or grant.until_at > now:
            if grant.until_at is not None:
                turns.append(grant.until_at)
            in_force.append(grant)
    widest = _widest(in_force)
    grounds = Grounds(connection, widest, tree)
    for grant in widest:
        found = grounds.granted(grant)
        draft.add_departments(grant.rights, found.departments, found.lowest)
        draft.add_spans(grant.rights, found.spans)
    return Scope(draft.reaches(), version, min(turns, default=None))


def _widest(grants: Iterable[Grant]) -> list[Grant]:
    """Of grants of the same rights on the same cameras the one that reaches back furthest: it has what the others have.
    A grant may be on sixty thousand cameras, and there may be a thousand of it."""
    found: dict[tuple[DepartmentId | None, Subject, frozenset[Right]], Grant] = {}
    for grant in grants:
        key = grant.owner, grant.on, grant.rights
        known = found.get(key)
        if known is None or (known.since is not None and (grant.since is None or grant.since < known.since)):
            found[key] = grant
    return list(found.values())
