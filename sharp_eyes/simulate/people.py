"""The people of a simulated city, and its programs. Nobody has a password: all of them are invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, insert

from core.access import PersonId, Principal, PrincipalKind, Role
from core.camera import DepartmentId
from registry.access.tables import api_key, person

from .city import City
from .people_words import KEY_NAMES, person_name

BEGAN: Final = timedelta(days=100)
"""So long before the end people and programs came, one after the other in the days after."""
_OF_A_DEPARTMENT: Final = (Role.DEPARTMENT_ADMIN, Role.OPERATOR, Role.OPERATOR, Role.VIEWER)
_OF_THE_CITY: Final = (Role.CITY_ADMIN, Role.CITY_ADMIN, Role.AUDITOR)
_WITH_A_KEY: Final = 3
"""One department in so many has a program of its own."""
_REVOKED, _TO_END = 5, 4
"""One key in so many is revoked; one in so many ends by itself in a year."""
_HASH: Final = 32


@dataclass(frozen=True, slots=True)
class CityPeople:
    """Who is in a simulated city."""

    of_city: tuple[Principal, ...]
    """Two city admins, and an auditor."""
    of_department: tuple[tuple[Principal, ...], ...]
    """By place: an admin, two operators and a viewer."""

    @property
    def city_admins(self) -> tuple[Principal, Principal]:
        """Both of them."""
        return self.of_city[0], self.of_city[1]

    @property
    def auditor(self) -> Principal:
        """Who reads the record."""
        return self.of_city[2]


def add_people(connection: Connection, city: City, owners: Sequence[int], until: datetime) -> CityPeople:
    """Put people and keys into the registry that has the departments `owners`. No text opens any of the keys."""
    places: list[tuple[Role, int | None]] = [(role, None) for role in _OF_THE_CITY]
    places += [(role, owner) for owner in owners for role in _OF_A_DEPARTMENT]
    began, step = until.replace(microsecond=0) - BEGAN, timedelta(days=10) / len(places)
    rows: list[dict[str, Any]] = []
    for number, (role, owner) in enumerate(places):
        name, login = person_name(number)
        made_at = (began + number * step).replace(microsecond=0)
        rows.append({"login": login, "name": name, "role": role.value, "department": owner, "made_at": made_at})
    adding = insert(person).returning(person.c.id, sort_by_parameter_order=True)
    numbers = [PersonId(number) for number in connection.scalars(adding, rows)]
    principals = [
        Principal(PrincipalKind.PERSON, number, row["name"], role, None if owner is None else DepartmentId(owner))
        for number, row, (role, owner) in zip(numbers, rows, places, strict=True)
    ]
    of_city, others = principals[: len(_OF_THE_CITY)], principals[len(_OF_THE_CITY) :]
    each = len(_OF_A_DEPARTMENT)
    people = CityPeople(
        tuple(of_city), tuple(tuple(others[place : place + each]) for place in range(0, len(others), each))
    )
    connection.execute(insert(api_key), _keys(city, owners, people, until))
    return people


def _keys(city: City, owners: Sequence[int], people: CityPeople, until: datetime) -> list[dict[str, Any]]:
    """Rows of keys. What is kept of each is random, and the hash of nothing that anybody has."""
    rng = np.random.default_rng([city.seed, 4])
    began = until.replace(microsecond=0) - BEGAN + timedelta(days=11)
    rows = []
    for number, place in enumerate(range(0, len(owners), _WITH_A_KEY)):
        made_at = began + timedelta(hours=number % 48)
        rows.append(
            {
                "key_hash": rng.bytes(_HASH),
                "beginning": f"se_made{number % 100:02}",
                "name": KEY_NAMES[number % len(KEY_NAMES)],
                "role": (Role.DEPARTMENT_ADMIN if number % 2 == 0 else Role.VIEWER).value,
                "department": owners[place],
                "made_by": people.of_department[place][0].person,
                "made_at": made_at,
                "expires_at": made_at + timedelta(days=365) if number % _TO_END == 1 else None,
                "revoked_at": made_at + timedelta(days=30) if number % _REVOKED == 2 else None,
            }
        )
    return rows
