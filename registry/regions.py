"""Administrative areas by their codes: a tree. Its branches are stored: not every code begins with its parent's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, delete, insert, literal, or_, select, update

from core.camera_facts import check_region_code
from core.errors import BadInput, Conflict, NotFound

from .access.ties import tie_of_region
from .access.version import lock_access, raise_access_version
from .names import check_name
from .page import Page
from .search_text import folded
from .tables import camera, region
from .version import raise_version


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative area."""

    code: str
    """2, 4, 6, 8, 9 or 12 digits."""
    name: str
    parent: str | None = None
    revision: int = 1
    """Counts its changes: what an `ETag` shows."""


def get(connection: Connection, code: str) -> Region:
    """The region of that code. Raises `NotFound`."""
    row = connection.execute(select(region).where(region.c.code == code)).one_or_none()
    if row is None:
        raise NotFound(f"there is no region {code}")
    return _region(row)


def find(connection: Connection, code: str) -> Region | None:
    """The region of that code, if there is one."""
    row = connection.execute(select(region).where(region.c.code == code)).one_or_none()
    return None if row is None else _region(row)


def put(connection: Connection, wanted: Region) -> Region:
    """Make the region of that code what `wanted` says; a new one where there is none. Where nothing is different
    nothing happens. `revision` is not looked at.

    Raises `BadInput` for a bad code or name, or for an unknown parent, `Conflict` for a parent that lies below it.
    """
    raise_version(connection)  # the lock: two changes that close a circle together come one after the other
    code = check_region_code(wanted.code, field="code")
    before = find(connection, code)
    after = Region(code, check_name(wanted.name, "a region"), wanted.parent, 1 if before is None else before.revision)
    if after == before:
        return before
    if after.parent is not None:
        _check_parent(connection, after)
    values = {"name": after.name, "parent": after.parent}
    if before is None or after.parent != before.parent:
        raise_access_version(connection)
    if before is None:
        connection.execute(insert(region).values(code=code, revision=1, **values))
        return after
    after = replace(after, revision=before.revision + 1)
    connection.execute(update(region).where(region.c.code == code).values(revision=after.revision, **values))
    return after


def remove(connection: Connection, code: str) -> None:
    """Remove a region. Raises `NotFound`, and `Conflict`, which names a camera in it, also a removed one, a region
    below it, or a grant on it."""
    raise_version(connection)
    get(connection, code)
    child = connection.execute(select(region).where(region.c.parent == code).order_by(region.c.code).limit(1)).first()
    if child is not None:
        raise Conflict(
            f"region {child.code} ({child.name!r}) lies in it",
            hint="remove what lies in it first, or give it another parent",
        )
    inside = select(camera.c.id, camera.c.name).where(camera.c.region == code).order_by(camera.c.id).limit(1)
    if (row := connection.execute(inside).first()) is not None:
        raise Conflict(f"camera {row.id} ({row.name!r}) lies in it", hint="give its cameras another region first")
    lock_access(connection)  # nobody begins to name it meanwhile
    if (named := tie_of_region(connection, code)) is not None:
        raise Conflict(named, hint="grants stay in the record, and so does what they name")
    raise_access_version(connection)
    connection.execute(delete(region).where(region.c.code == code))


def list_regions(
    connection: Connection,
    *,
    parent: str | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Page[Region, str]:
    """Regions by code, after `cursor`: right below `parent`, with `q` in the name or at the beginning of the code."""
    statement = select(region).order_by(region.c.code).limit(limit + 1)
    if parent is not None:
        statement = statement.where(region.c.parent == parent)
    if q:
        by_code = region.c.code.startswith(folded(q).strip(), autoescape=True)
        statement = statement.where(or_(region.c.name.icontains(q.strip(), autoescape=True), by_code))
    if cursor is not None:
        statement = statement.where(region.c.code > cursor)
    found = [_region(row) for row in connection.execute(statement)]
    return Page(tuple(found[:limit]), found[limit - 1].code if len(found) > limit else None)


def names_of(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """The names of these regions."""
    found = connection.execute(select(region.c.code, region.c.name).where(region.c.code.in_(codes)))
    return {row.code: row.name for row in found}


def below(connection: Connection, code: str) -> list[str]:
    """`code` and the codes of all regions below it, in order. Raises `NotFound` for an unknown region."""
    get(connection, code)
    tree = select(literal(code).label("code")).cte("tree", recursive=True)
    tree = tree.union(select(region.c.code).join(tree, region.c.parent == tree.c.code))
    return sorted(connection.scalars(select(tree.c.code)))


def _check_parent(connection: Connection, after: Region) -> None:
    above = after.parent
    if above is not None and find(connection, above) is None:
        raise BadInput(
            f"there is no region {above}", field="parent", hint=f"register it first: PUT /api/v1/regions/{above}"
        )
    while above is not None:
        if above == after.code:
            raise Conflict(
                f"region {after.parent} lies in region {after.code}, so it cannot be its parent",
                hint="a region's parent lies around it",
            )
        above = connection.execute(select(region.c.parent).where(region.c.code == above)).scalar_one()


def _region(row: Row[tuple[object, ...]]) -> Region:
    return Region(row.code, row.name, row.parent, row.revision)
