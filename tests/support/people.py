"""People for tests: added, with a password or without."""

from sqlalchemy import Connection

from core.access import Role
from core.camera import DepartmentId
from registry.access import people
from registry.access.people import Person

from .builders import START


def a_person(
    connection: Connection,
    login: str = "li.wei",
    *,
    name: str | None = None,
    role: Role = Role.OPERATOR,
    department: DepartmentId | None = None,
    kept: str | None = "the hash of a password",
) -> Person:
    """Somebody who can sign in; with `kept=None` somebody who has only been invited."""
    added = people.add(connection, login=login, name=name or login, role=role, department=department, at=START)
    return added if kept is None else people.set_password(connection, added.id, kept)
