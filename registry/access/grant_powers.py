"""Who may do what about grants. Programs never may."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from core.access import Principal, Role
from core.camera import DepartmentId

from .department_tree import DepartmentTree
from .grant import Grant, Receiver, ToDepartment, ToPerson
from .home import home_of, is_of_the_city
from .tables import access_grant, person

RECEIVING = frozenset({Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN})
"""The roles of a department that grants are made to: auditors receive nothing, and a city admin has no department."""
_READING = frozenset({Role.DEPARTMENT_ADMIN, Role.AUDITOR})
_ASKING = frozenset({Role.OPERATOR, Role.DEPARTMENT_ADMIN})


def is_admin_of(principal: Principal, owner: DepartmentId | None, tree: DepartmentTree) -> bool:
    """Whether `principal` decides on grants of `owner`; None: of the city."""
    if principal.person is None:
        return False
    if principal.role is Role.CITY_ADMIN:
        return True
    return principal.role is Role.DEPARTMENT_ADMIN and owner is not None and owner in home_of(principal, tree)


def receives(principal: Principal, to: Receiver) -> bool:
    """Whether a grant to `to` is one to `principal`."""
    match to:
        case ToPerson(person=number):
            return principal.person == number and principal.role is not Role.AUDITOR
        case ToDepartment(department=number, role=role):
            return (
                principal.department == number
                and principal.role in RECEIVING
                and (role is None or role is principal.role)
            )


def may_ask_for(
    principal: Principal, to: Receiver, home_of_receiver: DepartmentId | None, tree: DepartmentTree
) -> bool:
    """Whether `principal` may ask for a grant to `to`, whatever it is on. `home_of_receiver` is the department to which
    the receiver belongs, if there is one."""
    if principal.person is None or principal.role is Role.AUDITOR:
        return False
    if principal.role is Role.CITY_ADMIN or (isinstance(to, ToPerson) and principal.person == to.person):
        return True
    if home_of_receiver is None:
        return False
    if principal.role is Role.DEPARTMENT_ADMIN:
        return home_of_receiver in home_of(principal, tree)
    return isinstance(to, ToDepartment) and principal.role in _ASKING and principal.department == home_of_receiver


def why_not_approve(principal: Principal, grant: Grant, tree: DepartmentTree) -> str | None:
    """Why `principal` may not approve `grant`; None: nothing speaks against it."""
    if not is_admin_of(principal, grant.owner, tree):
        return f"only an admin of {_owner(grant)} may approve grant {grant.id}"
    if principal.person == grant.asked_by:
        return f"you have asked for grant {grant.id} yourself, so another admin of {_owner(grant)} must approve it"
    if receives(principal, grant.to):
        return f"grant {grant.id} is made to you, so another admin of {_owner(grant)} must approve it"
    return None


def why_not_refuse(principal: Principal, grant: Grant, tree: DepartmentTree) -> str | None:
    """Why `principal` may not refuse `grant`; None: nothing speaks against it. Who asked may take it back so."""
    if is_admin_of(principal, grant.owner, tree) or (
        principal.person is not None and principal.person == grant.asked_by
    ):
        return None
    return f"only an admin of {_owner(grant)}, or who asked for it, may refuse grant {grant.id}"


def why_not_revoke(principal: Principal, grant: Grant, tree: DepartmentTree) -> str | None:
    """Why `principal` may not revoke `grant`; None: nothing speaks against it."""
    if is_admin_of(principal, grant.owner, tree):
        return None
    return f"only an admin of {_owner(grant)} may revoke grant {grant.id}"


def seen_by(principal: Principal, tree: DepartmentTree) -> ColumnElement[bool]:
    """Which rows of `access_grant` a person may see: admins and auditors those of their departments, everybody those
    that they asked for or that are made to them."""
    if principal.person is None:
        return false()
    if is_of_the_city(principal):
        return true()
    seen = [access_grant.c.asked_by == principal.person, access_grant.c.to_person == principal.person]
    if principal.department is not None and principal.role in RECEIVING:
        any_role = or_(access_grant.c.to_role.is_(None), access_grant.c.to_role == principal.role.value)
        seen.append(and_(access_grant.c.to_department == principal.department, any_role))
    if principal.role in _READING:
        home = sorted(home_of(principal, tree))
        people = select(person.c.id).where(person.c.department.in_(home))
        seen += [access_grant.c.owner.in_(home), access_grant.c.to_department.in_(home)]
        seen.append(access_grant.c.to_person.in_(people))
    return or_(*seen)


def _owner(grant: Grant) -> str:
    return "the city" if grant.owner is None else f"department {grant.owner}"
