"""Whether somebody may change a rule, be it of a camera or of a department."""

from sqlalchemy import Connection, select

from core.access import Right
from core.camera import DepartmentId
from core.errors import Hidden
from core.rule import Rule

from .department_rules import DepartmentRule
from .reach import Reach
from .sight import check_camera, check_department
from .tables import camera
from .visibility import Scope


def check_rule(connection: Connection, scope: Scope, found: Rule | DepartmentRule, right: Right) -> DepartmentId:
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
