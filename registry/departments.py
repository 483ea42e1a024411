"""Departments: who owns cameras. They form a tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from core.camera import DepartmentId
from core.errors import BadInput, Conflict, NotFound
from core.gb_code import check_industry
from core.gb_tables import GbEdition
from core.wording import check_text

from .access.ties import tie_of_department
from .access.version import lock_access, raise_access_version
from .names import check_name
from .tables import camera, department, former_owner, rule
from .taken import conflict_if_taken
from .version import raise_version

DEFAULT: Final = DepartmentId(1)
"""The department that every database begins with."""
NO_INDUSTRY: Final[Mapping[GbEdition, str]] = MappingProxyType({})
_UNSAVED: Final = DepartmentId(0)
_LONGEST_CONTACT: Final = 256
_NUMBER: Final = select(department.c.id).where(department.c.id == bindparam("number"))


class Sector(StrEnum):
    """Which part of the city's life a department serves: its kind."""

    EDUCATION = "education"
    URBAN_MANAGEMENT = "urban_management"
    WATER = "water"
    HEALTH = "health"
    SCENIC_AREA = "scenic_area"
    RAIL_TRANSIT = "rail_transit"
    BRIDGES_AND_TUNNELS = "bridges_and_tunnels"
    VENUE = "venue"
    COMMUNITY = "community"
    SOCIAL_UNIT = "social_unit"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Department:
    """An owner of cameras."""

    id: DepartmentId
    name: str
    kind: Sector
    parent: DepartmentId | None = None
    contact: str = ""
    gb_industry: Mapping[GbEdition, str] = field(default_factory=dict)
    """Digits 9 and 10 of its cameras' codes, by edition."""
    revision: int = 1
    """Counts its changes: what an `ETag` shows."""
    own_see_originals: bool = False
    """Its operators and admins may see originals of its own cameras."""
    second_person: bool = False
    """Originals of its cameras are opened once a second person has agreed."""


def add(
    connection: Connection,
    *,
    name: str,
    kind: Sector = Sector.OTHER,
    parent: DepartmentId | None = None,
    contact: str = "",
    gb_industry: Mapping[GbEdition, str] = NO_INDUSTRY,
) -> Department:
    """A new department. Raises `BadInput` for a bad name, contact or industry, or for an unknown parent, `Conflict` for
    a taken name."""
    draft = _checked(connection, Department(_UNSAVED, name, kind, parent, contact, gb_industry))
    with conflict_if_taken(connection, f"there is a department {draft.name!r} already"):
        statement = insert(department).values(_values(draft)).returning(department.c.id)
        number = connection.execute(statement).scalar_one()
    raise_version(connection)
    raise_access_version(connection)
    return replace(draft, id=DepartmentId(number))


def get(connection: Connection, number: DepartmentId) -> Department:
    """The department of that number. Raises `NotFound`."""
    row = connection.execute(select(department).where(department.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no department {number}")
    return _department(row)


def check_exists(connection: Connection, number: DepartmentId) -> None:
    """Raises `NotFound` where there is no department of that number."""
    if connection.execute(_NUMBER, {"number": number}).first() is None:
        raise NotFound(f"there is no department {number}")


def change(connection: Connection, changed: Department) -> Department:
    """Make the department of that number what `changed` says. Errors as for `add`, and `Conflict` for a parent that
    lies below it. Where nothing is different nothing happens."""
    before = get(connection, changed.id)
    after = _checked(connection, replace(changed, revision=before.revision))
    if after == before:
        return before
    if after.parent != before.parent:
        _check_no_circle(connection, after)
    after = replace(after, revision=before.revision + 1)
    with conflict_if_taken(connection, f"there is a department {after.name!r} already"):
        connection.execute(update(department).where(department.c.id == after.id).values(_values(after)))
    raise_version(connection)
    if _decides_sight(after) != _decides_sight(before):
        raise_access_version(connection)
    return after


def remove(connection: Connection, number: DepartmentId) -> None:
    """Remove a department that owns no camera and never owned one, with its rules.

    Raises `NotFound`, and `Conflict`, which names what stands in the way: cameras, also removed ones and such that it
    owned once, departments below it, people, keys and grants; and for the department that every database begins with.
    """
    get(connection, number)
    if number == DEFAULT:
        raise Conflict(f"department {number} is where cameras without another one go; it stays")
    below = select(department.c.id, department.c.name).where(department.c.parent == number)
    if (child := connection.execute(below.order_by(department.c.id).limit(1)).first()) is not None:
        raise Conflict(
            f"department {child.id} ({child.name!r}) lies below it", hint="move or remove what lies below it first"
        )
    if (standing := _camera_of(connection, number)) is not None:
        raise Conflict(standing, hint="its events belong to this department for ever, so it stays")
    lock_access(connection)  # nobody begins to name it meanwhile
    if (named := tie_of_department(connection, number)) is not None:
        raise Conflict(named, hint="the record of who looked at what names it for ever, so it stays")
    connection.execute(delete(rule).where(rule.c.department == number))
    # What others keep beside the registry refers to departments.
    belongs = f"a subscription, a hold, or a rule of what is kept names department {number}, or did once"
    with conflict_if_taken(connection, belongs, hint="they can be read, so it stays"):
        connection.execute(delete(department).where(department.c.id == number))
    raise_version(connection)
    raise_access_version(connection)


def list_departments(connection: Connection) -> list[Department]:
    """All departments, by number."""
    return [_department(row) for row in connection.execute(select(department).order_by(department.c.id))]


def names_above(connection: Connection, some: Department) -> dict[DepartmentId, str]:
    """The name of its parent, if it has one."""
    if some.parent is None:
        return {}
    name = select(department.c.name).where(department.c.id == some.parent)
    return {some.parent: connection.execute(name).scalar_one()}


def _camera_of(connection: Connection, number: DepartmentId) -> str | None:
    """Which camera ties the department down, in words; None: no camera does."""
    owned = select(camera.c.id, camera.c.name, camera.c.deleted_at).where(camera.c.department == number)
    if (row := connection.execute(owned.order_by(camera.c.id).limit(1)).first()) is not None:
        removed = "" if row.deleted_at is None else "was removed and "
        return f"camera {row.id} ({row.name!r}) {removed}belongs to it"
    once = (
        select(camera.c.id, camera.c.name)
        .join(former_owner, former_owner.c.camera == camera.c.id)
        .where(former_owner.c.department == number)
        .order_by(camera.c.id)
        .limit(1)
    )
    former = connection.execute(once).first()
    return None if former is None else f"camera {former.id} ({former.name!r}) belonged to it once"


def _decides_sight(some: Department) -> tuple[object, ...]:
    """What scopes are worked out from."""
    return some.kind, some.parent, some.own_see_originals


def _check_no_circle(connection: Connection, after: Department) -> None:
    """Walk up from the new parent. The caller has locked the registry by its version, so that nobody else moves."""
    above = after.parent
    while above is not None:
        if above == after.id:
            raise Conflict(
                f"department {after.parent} lies below department {after.id}, so it cannot be its parent",
                hint="a department's parent lies above it",
            )
        above = connection.execute(select(department.c.parent).where(department.c.id == above)).scalar_one()


def _checked(connection: Connection, wanted: Department) -> Department:
    if wanted.parent is not None:
        try:
            get(connection, wanted.parent)
        except NotFound as missing:
            raise BadInput(missing.message, field="parent") from None
    return replace(
        wanted,
        name=check_name(wanted.name, "a department"),
        contact=check_text(wanted.contact, "the contact", field="contact", longest=_LONGEST_CONTACT),
        gb_industry={
            edition: check_industry(code, edition, field=f"gb_industry.{edition.value}", where="the digits")
            for edition, code in sorted(wanted.gb_industry.items())
        },
    )


def _values(some: Department) -> dict[str, Any]:
    return {
        "name": some.name,
        "kind": some.kind.value,
        "parent": some.parent,
        "contact": some.contact,
        "gb_industry_2016": some.gb_industry.get(GbEdition.E2016),
        "gb_industry_2022": some.gb_industry.get(GbEdition.E2022),
        "revision": some.revision,
        "own_see_originals": some.own_see_originals,
        "second_person": some.second_person,
    }


def _department(row: Row[tuple[object, ...]]) -> Department:
    industries = {GbEdition.E2016: row.gb_industry_2016, GbEdition.E2022: row.gb_industry_2022}
    return Department(
        DepartmentId(row.id),
        row.name,
        Sector(row.kind),
        None if row.parent is None else DepartmentId(row.parent),
        row.contact,
        {edition: code for edition, code in industries.items() if code is not None},
        row.revision,
        row.own_see_originals,
        row.second_person,
    )
