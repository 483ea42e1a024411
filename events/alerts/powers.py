"""Whose subscriptions somebody sees, and whose they look after."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.access import Principal, Role
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden
from registry.access.department_tree import DepartmentTree
from registry.access.home import home_of, is_of_the_city

_READERS = (Role.OPERATOR, Role.DEPARTMENT_ADMIN, Role.CITY_ADMIN)
_ADMINS = (Role.DEPARTMENT_ADMIN, Role.CITY_ADMIN)


@dataclass(frozen=True, slots=True)
class Powers:
    """What somebody may do with subscriptions."""

    departments: frozenset[DepartmentId] | None
    """Of which they see those; None: of all."""
    may_change: bool
    """Whether they look after what they see."""
    own: DepartmentId | None
    """Where they are at home."""
    may_ask_for_notices: bool = False
    """Whether they may let a subscription be told of the system's own troubles."""

    def has(self, department: DepartmentId) -> bool:
        """Whether those of `department` are seen."""
        return self.departments is None or department in self.departments

    def check_sees(self, department: DepartmentId, *, kind: str, number: int) -> None:
        """Raises `Hidden`, in the words of what does not exist, where something of `department` is not for them."""
        if not self.has(department):
            raise Hidden(f"there is no {kind} {number}", kind=kind, number=str(number), department=department)

    def check_may_change(self, department: DepartmentId | None) -> None:
        """Raises `Forbidden` where they do not look after subscriptions of `department`, whether there is such a one or
        not; None: of none."""
        if not self.may_change:
            raise Forbidden(
                "only an admin of the department, or of one above it, may change subscriptions",
                kind="subscription",
                department=department,
            )
        if department is not None and not self.has(department):
            raise Forbidden(
                f"you do not look after department {department}",
                kind="department",
                number=str(department),
                hint="name your department, or one below it",
            )

    def check_notices(self, asked: bool) -> None:
        """Raises `Forbidden` where notices are asked for by somebody for whom they are not."""
        if asked and not self.may_ask_for_notices:
            raise Forbidden(
                "only a city admin may let a subscription be told of the system's own troubles",
                kind="subscription",
                hint="leave `notices` out, or ask a city admin",
            )


def powers_of(connection: Connection, principal: Principal) -> Powers:
    """What `principal`, a person or a program, may do: operators read those of home, admins look after them.

    Raises `Forbidden` for everybody else.
    """
    if principal.role not in _READERS:
        raise Forbidden("only operators and admins look at subscriptions", kind="subscription")
    home = None if is_of_the_city(principal) else home_of(principal, DepartmentTree(connection))
    return Powers(home, principal.role in _ADMINS, principal.department, principal.role is Role.CITY_ADMIN)
