"""Who may see what, once more and one thing at a time: plain Python after `docs/design/access.md`, for comparing.

It shares nothing with `registry/visibility.py` but the words for roles and rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.access import Right, Role

LOOKERS = (Role.VIEWER, Role.OPERATOR, Role.DEPARTMENT_ADMIN)
NEEDS = {
    Right.LIST: set[Right](),
    Right.EVENTS: {Right.LIST},
    Right.MEDIA: {Right.EVENTS, Right.LIST},
    Right.LIVE: {Right.LIST},
    Right.UNMASKED: {Right.MEDIA, Right.EVENTS, Right.LIST},
    Right.EXPORT: {Right.EVENTS, Right.LIST},
    Right.MANAGE: {Right.LIST},
}


@dataclass(frozen=True)
class OneDepartment:
    parent: int | None
    kind: str
    own_see_originals: bool = False


@dataclass(frozen=True)
class OneCamera:
    owners: tuple[tuple[datetime | None, int], ...]
    """Until when it belonged to whom, oldest first; the last one has no end."""
    region: str | None = None

    @property
    def owner(self) -> int:
        return self.owners[-1][1]

    def owner_at(self, at: datetime) -> int:
        return next(owner for until, owner in self.owners if until is None or at < until)


@dataclass(frozen=True)
class OneGrant:
    owner: int | None
    on: tuple[Literal["department", "sector", "region", "camera"], int | str]
    to_department: int | None
    to_role: Role | None
    to_person: int | None
    rights: frozenset[Right]
    """As they were asked for."""
    from_at: datetime
    until_at: datetime | None
    history: bool
    state: str
    approved_at: datetime | None


@dataclass(frozen=True)
class OneWhoAsks:
    is_person: bool
    number: int
    role: Role
    department: int | None


@dataclass(frozen=True)
class World:
    """A city, as far as it matters to who may see what."""

    departments: Mapping[int, OneDepartment]
    regions: Mapping[str, str | None]
    """Each code's parent."""
    cameras: Mapping[int, OneCamera]
    grants: tuple[OneGrant, ...]
    event_facts: Literal["city", "sector", "grant"]


def may_see_camera(world: World, asks: OneWhoAsks, right: Right, camera: int, at: datetime) -> bool:
    """Whether the camera itself is within sight at `at`: by whom it belongs to now."""
    owner = world.cameras[camera].owner
    if _without_grant(world, asks, right, owner):
        return True
    return any(
        _is_open_to(world, grant, asks, right, at) and _is_on(world, grant, camera, owner) for grant in world.grants
    )


def may_see_event(
    world: World, asks: OneWhoAsks, right: Right, camera: int, started_at: datetime, at: datetime
) -> bool:
    """Whether an event on that camera is within sight at `at`: by whom the camera belonged to when it started."""
    owner = world.cameras[camera].owner_at(started_at)
    if _without_grant(world, asks, right, owner):
        return True
    for grant in world.grants:
        if _is_open_to(world, grant, asks, right, at) and _is_on(world, grant, camera, owner):
            assert grant.approved_at is not None
            if grant.history or (started_at >= grant.from_at and started_at >= grant.approved_at):
                return True
    return False


def is_below(world: World, department: int, top: int | None) -> bool:
    """Whether `department` is `top` or below it."""
    number: int | None = department
    while number is not None:
        if number == top:
            return True
        number = world.departments[number].parent
    return False


def _without_grant(world: World, asks: OneWhoAsks, right: Right, owner: int) -> bool:
    """By one's role at home, or because facts of events are shared."""
    return _at_home(world, asks, right, owner) or _as_facts(world, asks, right, owner)


def _at_home(world: World, asks: OneWhoAsks, right: Right, owner: int) -> bool:
    if asks.department is None:
        if asks.role is Role.CITY_ADMIN:
            return right is not Right.UNMASKED
        return asks.role is Role.AUDITOR and right is Right.LIST
    if not is_below(world, owner, asks.department):
        return False
    match right:
        case Right.LIST:
            return True
        case Right.EVENTS | Right.MEDIA | Right.LIVE:
            return asks.role is not Role.AUDITOR
        case Right.EXPORT:
            return asks.role in (Role.OPERATOR, Role.DEPARTMENT_ADMIN)
        case Right.MANAGE:
            return asks.role is Role.DEPARTMENT_ADMIN
        case Right.UNMASKED:
            lets = world.departments[owner].own_see_originals
            return lets and asks.role in (Role.OPERATOR, Role.DEPARTMENT_ADMIN)


def _as_facts(world: World, asks: OneWhoAsks, right: Right, owner: int) -> bool:
    if right not in (Right.LIST, Right.EVENTS) or asks.role not in LOOKERS:
        return False
    if world.event_facts == "city":
        return True
    if world.event_facts == "sector" and asks.department is not None:
        return world.departments[owner].kind == world.departments[asks.department].kind
    return False


def _is_open_to(world: World, grant: OneGrant, asks: OneWhoAsks, right: Right, at: datetime) -> bool:
    """Whether the grant is in force, made to who asks, and says the right."""
    if grant.state != "approved" or at < grant.from_at or (grant.until_at is not None and at >= grant.until_at):
        return False
    if asks.role is Role.AUDITOR:
        return False
    if not any(right is said or right in NEEDS[said] for said in grant.rights):
        return False
    if grant.to_person is not None:
        return asks.is_person and asks.number == grant.to_person
    return asks.department == grant.to_department and grant.to_role in (None, asks.role)


def _is_on(world: World, grant: OneGrant, camera: int, owner: int) -> bool:
    """Whether the grant is on the camera, or on its events of when it belonged to `owner`."""
    if grant.owner is not None and not is_below(world, owner, grant.owner):
        return False
    match grant.on:
        case ("department", int(department)):
            return is_below(world, owner, department)
        case ("sector", sector):
            return world.departments[owner].kind == sector
        case ("region", code):
            return _lies_in(world, world.cameras[camera].region, str(code))
        case (_, number):
            return camera == number


def _lies_in(world: World, region: str | None, code: str) -> bool:
    while region is not None:
        if region == code:
            return True
        region = world.regions[region]
    return False
