"""Random cities for comparing rules of sight, and how they get into a database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from sqlalchemy import Connection, insert

from core.access import INCLUDED, Principal, PrincipalKind, Right, Role
from core.camera import DepartmentId
from registry.access.tables import access_grant, person
from registry.departments import Sector
from registry.tables import camera, department, former_owner, region

from .builders import START
from .sight import OneCamera, OneDepartment, OneGrant, OneWhoAsks, World

SPAN = timedelta(hours=100)
"""Everything happens within this time from `START` on."""
_KINDS = (Sector.WATER, Sector.EDUCATION, Sector.HEALTH)
_STATES = ("approved", "approved", "approved", "approved", "requested", "refused", "revoked", "expired")
_CITY = 1
"""The department that every database begins with."""


@dataclass(frozen=True)
class RandomCity:
    world: World
    people: Mapping[int, OneWhoAsks]

    def moments(self, random: Random, count: int) -> list[datetime]:
        """Some at random, and some at, right before and right after the edges of grants and moves."""
        edges = [at for grant in self.world.grants for at in (grant.from_at, grant.until_at, grant.approved_at) if at]
        edges += [until for one in self.world.cameras.values() for until, _ in one.owners if until]
        found = []
        for _ in range(count):
            if edges and random.random() < 0.6:
                found.append(random.choice(edges) + random.choice((-1, 0, 0, 1)) * timedelta(milliseconds=1))
            else:
                found.append(a_moment(random))
        return found


def a_moment(random: Random) -> datetime:
    """To the millisecond, as events have it."""
    return START + timedelta(milliseconds=random.randrange(int(SPAN.total_seconds() * 1000)))


def a_random_city(random: Random) -> RandomCity:
    """A dozen departments, regions, cameras that move, people and programs of each role, and grants in each state."""
    numbers = [_CITY, *range(100, 100 + random.randint(2, 9))]
    departments: dict[int, OneDepartment] = {}
    for at, number in enumerate(numbers):
        parent = random.choice([None, *numbers[1:at]]) if at > 1 else None
        departments[number] = OneDepartment(parent, random.choice(_KINDS).value, random.random() < 0.25)
    codes: list[str] = [f"{at:02}" for at in range(10, 10 + random.randint(1, 6))]
    regions = {code: random.choice([None, *codes[:at]]) if at else None for at, code in enumerate(codes)}
    cameras = {number: _camera(random, numbers, codes) for number in range(1, random.randint(4, 12))}
    people = {number: _who_asks(random, number, numbers) for number in range(1, random.randint(5, 10))}
    grants = tuple(_grant(random, numbers, codes, cameras, people) for _ in range(random.randint(0, 12)))
    facts: tuple[Literal["city", "sector", "grant"], ...] = ("grant", "grant", "sector", "city")
    return RandomCity(World(departments, regions, cameras, grants, random.choice(facts)), people)


def store(connection: Connection, city: RandomCity) -> None:
    """Put the city into an empty database, straight into its tables."""
    world = city.world
    own = world.departments[_CITY]
    is_default = department.c.id == _CITY
    connection.execute(
        department.update().where(is_default).values(kind=own.kind, own_see_originals=own.own_see_originals)
    )
    for number, one in world.departments.items():
        if number != _CITY:
            values = {"id": number, "name": f"d{number}", "kind": one.kind, "parent": one.parent}
            connection.execute(insert(department).values(own_see_originals=one.own_see_originals, **values))
    for code, above in world.regions.items():
        connection.execute(insert(region).values(code=code, name=code, parent=above))
    for number, some in world.cameras.items():
        values = {"id": number, "name": f"c{number}", "department": some.owner, "region": some.region}
        connection.execute(insert(camera).values(enabled=True, **values))
        for until, owner in some.owners[:-1]:
            connection.execute(insert(former_owner).values(camera=number, until_at=until, department=owner))
    for who in city.people.values():
        values = {"id": who.number, "login": f"p{who.number}", "name": f"p{who.number}", "role": who.role.value}
        connection.execute(insert(person).values(department=who.department, made_at=START, **values))
    for grant in world.grants:
        connection.execute(insert(access_grant).values(_columns(grant, min(city.people))))


def principal(who: OneWhoAsks) -> Principal:
    """Who asks, as the registry has it."""
    kind = PrincipalKind.PERSON if who.is_person else PrincipalKind.KEY
    own = None if who.department is None else DepartmentId(who.department)
    return Principal(kind, who.number, f"p{who.number}", who.role, own)


def _camera(random: Random, departments: list[int], codes: list[str]) -> OneCamera:
    moves = sorted({a_moment(random) for _ in range(random.choice((0, 0, 1, 1, 2)))})
    owners: list[tuple[datetime | None, int]] = [(until, random.choice(departments)) for until in moves]
    owners.append((None, random.choice(departments)))
    return OneCamera(tuple(owners), random.choice([None, *codes]))


def _who_asks(random: Random, number: int, departments: list[int]) -> OneWhoAsks:
    role = random.choice(list(Role))
    if role is Role.CITY_ADMIN:
        own = None
    elif role is Role.DEPARTMENT_ADMIN or random.random() < 0.8:
        own = random.choice(departments)
    else:
        own = None
    return OneWhoAsks(random.random() < 0.75, number, role, own)


def _grant(
    random: Random,
    departments: list[int],
    codes: list[str],
    cameras: Mapping[int, OneCamera],
    people: Mapping[int, OneWhoAsks],
) -> OneGrant:
    on: tuple[Literal["department", "sector", "region", "camera"], int | str] = random.choice(
        (
            ("department", random.choice(departments)),
            ("sector", random.choice(_KINDS).value),
            ("region", random.choice(codes)),
            ("camera", random.choice(list(cameras))),
        )
    )
    # To somebody who is there, so that grants matter; to anybody now and then.
    meant = random.choice(list(people.values()))
    to_person = meant.number if meant.department is None or random.random() < 0.3 else None
    to_department = None if to_person else (meant.department if random.random() < 0.8 else random.choice(departments))
    to_role = random.choice((None, None, meant.role)) if to_department else None
    state = random.choice(_STATES)
    from_at = a_moment(random)
    until_at = from_at + timedelta(milliseconds=random.randrange(1, 200_000_000)) if random.random() < 0.6 else None
    decided = state not in ("requested", "refused")
    return OneGrant(
        owner=random.choice([None, *departments]),
        on=on,
        to_department=to_department,
        to_role=to_role,
        to_person=to_person,
        rights=frozenset(random.sample(list(Right), random.randint(1, 3))),
        from_at=from_at,
        until_at=until_at,
        history=random.random() < 0.3,
        state=state,
        approved_at=a_moment(random) if decided else None,
    )


def _columns(grant: OneGrant, asked_by: int) -> dict[str, Any]:
    kind, on = grant.on
    closed = {needed for right in grant.rights for needed in INCLUDED[right]}
    return {
        "owner": grant.owner,
        f"on_{kind}": on,
        "to_department": grant.to_department,
        "to_role": None if grant.to_role is None else grant.to_role.value,
        "to_person": grant.to_person,
        "rights": json.dumps(sorted(closed)),
        "from_at": grant.from_at,
        "until_at": grant.until_at,
        "history": grant.history,
        "purpose": "at random",
        "state": grant.state,
        "asked_by": asked_by,
        "asked_at": START,
        "decided_by": None if grant.approved_at is None else asked_by,
        "decided_at": grant.approved_at,
    }
