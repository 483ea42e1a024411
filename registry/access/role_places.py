"""Which roles go with a department, and which without: for people and for keys."""

from sqlalchemy import Connection, select

from core.access import Role
from core.camera import DepartmentId
from core.errors import BadInput

from ..tables import department as departments


def check_role(connection: Connection, role: Role, department: DepartmentId | None) -> None:
    """Raises `BadInput` (field `department`) where the role does not go with it, or where there is no such one."""
    if role is Role.CITY_ADMIN and department is not None:
        raise BadInput(
            "a city admin is of the city as a whole, and of no department",
            field="department",
            hint="leave the department out, or make it a department admin",
        )
    if role is Role.DEPARTMENT_ADMIN and department is None:
        raise BadInput("a department admin needs a department", field="department", hint="say which one")
    if department is not None:
        known = connection.execute(select(departments.c.id).where(departments.c.id == department)).first()
        if known is None:
            raise BadInput(f"there is no department {department}", field="department")
