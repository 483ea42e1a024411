"""Whether somebody may see what a rule does, and how they are told if not."""

from sqlalchemy import Connection

from core.access import Right
from core.errors import Forbidden, Hidden
from core.rule import Rule, RuleId

from . import rules
from .department_rules import DepartmentRule
from .sight import check_camera
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


def _has(scope: Scope, right: Right, rule: DepartmentRule) -> bool:
    return scope[right].is_all or rule.department in scope[right].departments
