"""People of a city, and clients by which they ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import httpx2
from sqlalchemy import select

from core.access import Role
from core.camera import DepartmentId
from registry import departments
from registry.access import people
from registry.access.passwords import Passwords
from registry.access.people import Person
from registry.audit.entry import Act
from registry.audit.tables import audit_row
from tests.system.api.conftest import City

PASSWORD = "seven grey herons wait"
NOT_SIGNED_IN = (401, "not_signed_in", "nobody is signed in: no session and no API key came that is in force")
_NUMBERS = count(1)


@cache
def _kept() -> str:
    return Passwords().hash(PASSWORD)


def add_department(city: City, name: str, *, parent: DepartmentId | None = None) -> DepartmentId:
    """A department of the city."""
    with city.services.database.write() as connection:
        return departments.add(connection, name=name, parent=parent).id


def add_person(city: City, role: Role = Role.CITY_ADMIN, department: DepartmentId | None = None) -> Person:
    """Somebody new with `PASSWORD`, and a login that nobody else has."""
    with city.services.database.write() as connection:
        at = city.services.clock.now()
        login = f"li.wei.{next(_NUMBERS)}"
        person = people.add(connection, login=login, name="Li Wei", role=role, department=department, at=at)
        return people.set_password(connection, person.id, _kept())


@contextmanager
def a_browser(city: City) -> Iterator[httpx2.Client]:
    """A client that keeps cookies, and says from which page it asks; nobody is signed in."""
    with httpx2.Client(
        base_url=city.server.url,
        timeout=20,
        trust_env=False,
        headers={"Origin": city.server.url},
        verify=False,
    ) as client:
        yield client


def sign_in(client: httpx2.Client, login: str, password: str = PASSWORD) -> httpx2.Response:
    """Try to sign in."""
    return client.post("/api/v1/session", json={"login": login, "password": password})


@contextmanager
def signed_in(city: City, login: str) -> Iterator[httpx2.Client]:
    """A browser in which `login` is signed in."""
    with a_browser(city) as client:
        assert sign_in(client, login).status_code == 201
        yield client


def recorded(city: City, act: Act, number: object) -> list[Any]:
    """The rows of the record that tell of that act on what has the number, oldest first; `detail` is JSON."""
    rows = select(audit_row).where(audit_row.c.act == act.value, audit_row.c.object == str(number))
    with city.services.database.read() as connection:
        return list(connection.execute(rows.order_by(audit_row.c.id)))


def disable(city: City, person: Person) -> None:
    """Let somebody in no more."""
    with city.services.database.write() as connection:
        people.change(connection, replace(person, disabled_at=city.services.clock.now()))


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, code and words of a problem."""
    problem: dict[str, Any] = answer.json()
    return answer.status_code, problem["code"], problem["detail"]
