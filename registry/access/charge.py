"""Whose people and keys somebody looks after."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.access import Principal, PrincipalKind, Role
from core.camera import DepartmentId
from core.errors import Forbidden

from .department_tree import DepartmentTree
from .tables import person


@dataclass(frozen=True, slots=True)
class Charge:
    """What an admin looks after: some departments, or the city with all of them."""

    departments: frozenset[DepartmentId] | None
    """None: all, and those who are of no department."""

    def has(self, department: DepartmentId | None) -> bool:
        """Whether people and keys of `department` (None: of the city as a whole) are looked after."""
        return self.departments is None or department in self.departments

    def check_may_give(self, role: Role, department: DepartmentId | None) -> None:
        """Raises `Forbidden` where that role there is beyond what the admin looks after, whether there is such a
        department or not."""
        if self.departments is None:
            return
        if role is Role.CITY_ADMIN:
            raise Forbidden("only a city admin may give the role of a city admin", kind="person")
        if department is None:
            raise Forbidden(
                "only a city admin looks after who is of no department",
                kind="person",
                hint="name your department, or one below it",
            )
        if department not in self.departments:
            raise Forbidden(
                f"you do not look after department {department}",
                kind="department",
                number=str(department),
                hint="name your department, or one below it",
            )


def charge_of(connection: Connection, principal: Principal) -> Charge:
    """What `principal` looks after.

    Raises `Forbidden` for whoever looks after nobody: programs, and all but admins; also who is none any more. Of two
    who remove each other at once the second one has been removed.
    """
    if principal.kind is PrincipalKind.PERSON and _is_still(connection, principal):
        if principal.role is Role.CITY_ADMIN:
            return Charge(None)
        if principal.role is Role.DEPARTMENT_ADMIN and principal.department is not None:
            return Charge(DepartmentTree(connection).within(principal.department))
    raise Forbidden("only a person who is a department admin or a city admin looks after people and keys")


def _is_still(connection: Connection, principal: Principal) -> bool:
    """Whether it is what it was when it was let in."""
    row = connection.execute(select(person).where(person.c.id == principal.id)).one_or_none()
    return (
        row is not None
        and row.disabled_at is None
        and (row.role, row.department) == (principal.role.value, principal.department)
    )
