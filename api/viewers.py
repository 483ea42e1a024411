"""`/cameras/{camera}/viewers` and `/people/{person}/sight`: who sees a camera, and what somebody sees."""

from fastapi import APIRouter
from pydantic import Field

from core.access import Principal, Right, Role
from core.errors import Forbidden, Hidden
from registry.access import people
from registry.access.department_tree import DepartmentTree
from registry.access.grant import OnCamera, OnDepartment, ToPerson
from registry.access.grant_names import GrantNames, names_in
from registry.access.grants import receiver
from registry.access.home import home_of, is_of_the_city
from registry.idempotency import Transaction
from registry.person_sight import sight_of
from registry.sight import check_camera
from registry.viewers import viewers_of
from registry.way import Way, WayKind, WhoKind
from registry.way import Who as Whom

from .access_fields import PersonInPath
from .answers import CameraInPath, Listing, Named
from .caller import Who
from .fields import Body, Instant
from .grant_views import OnView, on_view
from .problems import Kind, documented
from .services import Use

router = APIRouter(prefix="/api/v1", tags=["grants"])

_READING = frozenset({Role.CITY_ADMIN, Role.DEPARTMENT_ADMIN, Role.AUDITOR})


class WhoView(Body):
    """Who sees a camera: one person, or many at once."""

    kind: WhoKind = Field(
        description="`department`: all of it but auditors; `role`: those of the department who have it; `everybody`: "
        "all but auditors; `city`: those who have the role and are of the city as a whole."
    )
    department: Named | None = None
    role: Role | None = None
    person: Named | None = None


class WayView(Body):
    """What lets somebody see something."""

    kind: WayKind = Field(
        description="`home`: one's own department or one above; `facts`: the city shares the facts of events; `grant`; "
        "`city`: one looks after the city."
    )
    grant: int | None = Field(default=None, description="The grant's number.")


class ViewerView(Body):
    """Who sees a camera, and by which way."""

    who: WhoView
    rights: tuple[Right, ...]
    through: WayView
    since: Instant | None = Field(description="Only events that started then or later; null: all there are.")
    until: Instant | None = Field(description="When it ends; null: it does not by itself.")


class SightView(Body):
    """What somebody sees by one way."""

    rights: tuple[Right, ...]
    on: OnView | None = Field(description="On what; null: on everything.")
    cameras: int = Field(description="How many cameras that are now, of those that were not removed.")
    through: WayView
    since: Instant | None = Field(description="Only events that started then or later; null: all there are.")
    until: Instant | None = Field(description="When it ends; null: it does not by itself.")


@router.get("/cameras/{camera}/viewers", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def list_viewers(use: Use, who: Who, camera: CameraInPath) -> Listing[ViewerView]:
    """Everybody who sees the camera now, and through what; for those at home there who look after it, and for auditors.
    A grant to change a camera does not tell with whom else its owner shares it."""
    who.require_person(to="see who sees a camera")
    right = Right.LIST if who.principal.role is Role.AUDITOR else Right.MANAGE
    with use.database.read() as connection:
        owner = check_camera(connection, who.scope(connection), camera, right)
        if owner not in home_of(who.principal, DepartmentTree(connection)):
            raise Forbidden(
                f"only those at home in the department that owns camera {camera} may see who sees it",
                kind="camera",
                number=str(camera),
                camera=camera,
                department=owner,
            )
        now = use.visibility.now(connection)
        found = list(viewers_of(connection, camera, use.visibility.facts, now))
        departments = [OnDepartment(one.department) for one, _ in found if one.department is not None]
        persons = [ToPerson(one.person) for one, _ in found if one.person is not None]
        names = names_in(connection, departments, persons)
    return Listing(items=tuple(_viewer(one, way, names) for one, way in found))


@router.get("/people/{person}/sight", responses=documented(Kind.NOT_FOUND, Kind.BAD_INPUT))
def read_sight(use: Use, who: Who, person: PersonInPath) -> Listing[SightView]:
    """What the person sees now, and through what; for themselves, for those who look after them, and for auditors."""
    who.require_person(to="see what a person sees")
    with use.database.read() as connection:
        _check_may_see_sight(connection, who.principal, people.get(connection, person))
        asked = receiver(connection, person)
        if asked is None:  # disabled: sees nothing
            return Listing(items=())
        found = list(sight_of(connection, asked, use.visibility.facts, use.visibility.now(connection)))
        reached = [on for _, on, cameras in found if on is not None and (cameras or not isinstance(on, OnCamera))]
        names = names_in(connection, reached, [])
    return Listing(
        items=tuple(
            SightView(
                rights=_in_order(way.rights),
                on=None if on is None else on_view(on, names),
                cameras=cameras,
                through=WayView(kind=way.kind, grant=way.grant),
                since=way.since,
                until=way.until,
            )
            for way, on, cameras in found
        )
    )


def _check_may_see_sight(connection: Transaction, by: Principal, asked: people.Person) -> None:
    """Raises `Hidden` unless it is oneself or somebody whom one looks after."""
    if asked.id == by.person or is_of_the_city(by):
        return
    told = f"there is no person {asked.id}"
    if by.role not in _READING or asked.department not in home_of(by, DepartmentTree(connection)):
        raise Hidden(told, kind="person", number=str(asked.id), department=asked.department)


def _viewer(who: Whom, way: Way, names: GrantNames) -> ViewerView:
    shown = WhoView(
        kind=who.kind,
        department=None if who.department is None else Named(id=who.department, name=names.departments[who.department]),
        role=who.role,
        person=None if who.person is None else Named(id=who.person, name=names.people[who.person]),
    )
    return ViewerView(
        who=shown,
        rights=_in_order(way.rights),
        through=WayView(kind=way.kind, grant=way.grant),
        since=way.since,
        until=way.until,
    )


def _in_order(rights: frozenset[Right]) -> tuple[Right, ...]:
    return tuple(right for right in Right if right in rights)
