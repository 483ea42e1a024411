"""As whom a subscription sees: its department, as an operator of it does."""

from core.access import Principal, PrincipalKind, Role
from core.camera import DepartmentId

from .subscription import Subscription


def department_principal(department: DepartmentId) -> Principal:
    """Who a subscription of `department` is to `Visibility`: an operator of it, and nobody in person, so that grants to
    the department and to its operators count, and those to a person do not."""
    return Principal(PrincipalKind.PROGRAM, 0, f"subscriptions of department {department}", Role.OPERATOR, department)


def as_recorded(some: Subscription) -> Principal:
    """The same as the record names it: which subscription it was."""
    name = f"subscription {some.id}: {some.name}"
    return Principal(PrincipalKind.PROGRAM, 0, name, Role.OPERATOR, some.department)
