"""Who may see and decide on unmaskings. Programs never may."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, false, or_, true

from core.access import Principal, Role
from core.camera import DepartmentId

from ..reach import Reach
from .department_tree import DepartmentTree
from .tables import unmasking
from .unmasking import Unmasking, UnmaskingState, stands_at


@dataclass(frozen=True, slots=True)
class UnmaskingPowers:
    """What one principal may do about unmaskings."""

    principal: Principal
    reach: Reach
    """By the right `unmasked`: who has it on an event can be the second person for it."""
    departments: frozenset[DepartmentId] | None
    """On whose events the principal decides as an admin; None: on all."""

    def sees(self, one: Unmasking) -> bool:
        """Whether the principal may know of it: an own one, or one that is for the principal to decide on."""
        return self.principal.person is not None and (self._is_own(one) or self._answers_for(one))

    def may_decide(self, one: Unmasking) -> bool:
        """Whether the principal may open or refuse it: nobody decides on an own one."""
        return self.principal.person is not None and not self._is_own(one) and self._answers_for(one)

    def worth_a_look(self, now: datetime) -> ColumnElement[bool]:
        """Which rows of `unmasking` stand in the principal's list at `now`, where `sees` agrees: own ones, those that
        were or may be decided on, and for an admin all of the departments."""
        if self.principal.person is None:
            return false()
        if self.departments is None:
            return true()
        columns = unmasking.c
        found = [columns.person == self.principal.person, columns.decided_by == self.principal.person]
        if self.departments:
            found.append(columns.department.in_(sorted(self.departments)))
        if not self.reach.is_nothing:
            # A reach is no condition that a database could be asked. Few wait at any time, so these are looked through.
            found.append(stands_at(UnmaskingState.WAITING, now))
        return or_(*found)

    def _is_own(self, one: Unmasking) -> bool:
        return one.person == self.principal.person

    def _answers_for(self, one: Unmasking) -> bool:
        if self.departments is None or one.department in self.departments:
            return True
        return self.reach.has_event(one.event, one.camera, one.department)


def powers_of(connection: Connection, principal: Principal, reach: Reach) -> UnmaskingPowers:
    """What `principal` may do, who reaches `reach` by the right `unmasked`."""
    departments: frozenset[DepartmentId] | None = frozenset()
    if principal.person is not None and principal.role is Role.CITY_ADMIN:
        departments = None
    elif principal.person is not None and principal.role is Role.DEPARTMENT_ADMIN and principal.department is not None:
        departments = DepartmentTree(connection).within(principal.department)
    return UnmaskingPowers(principal, reach, departments)
