"""Whether somebody may see what a rule does, or change it, and how they are told if not."""

from sqlalchemy import Connection, select

from core.access import Right
from core.camera import DepartmentId
from core.errors import Forbidden, Hidden
from core.rule import Rule, RuleId

from . import rules
from .department_rules import DepartmentRule
from .reach import Reach
from .sight import check_camera, check_department
from .tables import camera
from .visibility import Scope


def check_rule(connection: Connection, scope: Scope, number: RuleId, right: Right) -> Rule | DepartmentRule:
    """The rule of that number, whose camera `scope` reaches by `right`; of a department's rule the department, with all
    its cameras.

    Raises `NotFound` where there is none, `Hidden` in the same words where it may not be seen, `Forbidden` where it may
    be, but not by this right.
    """
    found = rules.get(connection, number)
    told = f"there is no rule {number}"
    if isinstance(found, Rule):
        check_camera(connection, scope, found.camera, right, missing=told)
        return found
    owner = found.department
    if not _has(scope, Right.LIST, found):
        raise Hidden(told, kind="rule", number=str(number), department=owner)
    if not _has(scope, right, found):
        raise Forbidden(
            f"you may not read the events of department {owner}, which rule {number} watches: neither a "
            f"role nor a grant gives you {right.value!r} there",
            kind="rule",
            number=str(number),
            department=owner,
            hint="ask the department for a grant",
        )
    return found


def check_rule_change(connection: Connection, scope: Scope, found: Rule | DepartmentRule, right: Right) -> DepartmentId:
    """The department that a rule, or its camera, belongs to, where `scope` reaches it by `right`.

    Raises `Hidden` where it may not be seen: a department's rule is seen with any of its cameras; and `Forbidden` where
    it may be seen, but not by this right.
    """
    missing = f"there is no rule {found.id}"
    if isinstance(found, Rule):
        return check_camera(connection, scope, found.camera, right, missing=missing)
    if not _sees_any(connection, scope[Right.LIST], found.department):
        raise Hidden(missing, kind="rule", number=str(found.id), department=found.department)
    check_department(scope, found.department, right, to="change rules of")
    return found.department


def _sees_any(connection: Connection, reach: Reach, department: DepartmentId) -> bool:
    if reach.is_all or department in reach.departments:
        return True
    if not reach.cameras_now:
        return False
    cameras = connection.scalars(select(camera.c.id).where(camera.c.department == department))
    return any(number in reach.cameras_now for number in cameras)


def _has(scope: Scope, right: Right, rule: DepartmentRule) -> bool:
    return scope[right].is_all or rule.department in scope[right].departments
