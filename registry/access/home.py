"""Home: what is somebody's by role alone, without a grant."""

from core.access import RIGHTS_AT_HOME, Principal, Right, Role
from core.camera import DepartmentId

from .department_tree import DepartmentTree

_SEE_OWN_ORIGINALS = frozenset({Role.OPERATOR, Role.DEPARTMENT_ADMIN})


def rights_at_home(role: Role, owner: DepartmentId, tree: DepartmentTree) -> frozenset[Right]:
    """What a role may do with cameras of `owner`, in whose home they are."""
    rights = RIGHTS_AT_HOME[role]
    if role in _SEE_OWN_ORIGINALS and owner in tree.own_see_originals:
        return rights | {Right.UNMASKED}
    return rights


def home_of(principal: Principal, tree: DepartmentTree) -> frozenset[DepartmentId]:
    """The departments where `principal` is at home: of a city admin and a city-wide auditor all."""
    if principal.department is not None:
        return tree.within(principal.department)
    return frozenset(tree.kinds) if is_of_the_city(principal) else frozenset()


def is_of_the_city(principal: Principal) -> bool:
    """Whether the city is the principal's home."""
    return principal.role is Role.CITY_ADMIN or (principal.role is Role.AUDITOR and principal.department is None)
