"""People with passwords, and how they sign in at the page."""

from functools import cache
from itertools import count

from playwright.sync_api import Page

from core.access import Role
from core.camera import DepartmentId
from registry.access import people
from registry.access.passwords import Passwords
from registry.access.people import Person
from tests.system.api.conftest import City

PASSWORD = "seven grey herons wait"
_NUMBERS = count(1)


@cache
def _hashed(password: str) -> str:
    return Passwords().hash(password)


def a_person(
    city: City, role: Role, *, department: int | None = None, password: str | None = PASSWORD, name: str | None = None
) -> Person:
    """Somebody new, with a login that nobody else has; without a password, somebody who was invited."""
    number = next(_NUMBERS)
    kept = None if password is None else _hashed(password)
    with city.services.database.write() as connection:
        added = people.add(
            connection,
            login=f"person.{number}",
            name=name or f"Person {number}",
            role=role,
            department=None if department is None else DepartmentId(department),
            at=city.services.clock.now(),
        )
        return added if kept is None else people.set_password(connection, added.id, kept)


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page, which stands over everything else."""
    form = page.locator(".gate form")
    form.locator("[name=login]").fill(login)
    form.locator("[name=password]").fill(password)
    form.get_by_role("button", name="Sign in").or_(form.get_by_role("button", name="登录")).click()
