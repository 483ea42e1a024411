"""The city in a few numbers: how many cameras there are, are switched on, and are online, and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.errors import NotFound
from core.stream_state import StreamState

from ..departments import Sector
from ..reach import EVERYTHING, Reach
from ..tables import department, region
from .counting import Counted, Tally, read_cameras, read_states

__all__ = ["OfDepartment", "OfRegion", "Summary", "Tally", "summary"]


@dataclass(frozen=True, slots=True)
class OfDepartment:
    """The cameras of a department, without those of the departments below it."""

    id: DepartmentId
    name: str
    kind: Sector
    tally: Tally


@dataclass(frozen=True, slots=True)
class OfRegion:
    """The cameras in a region and in all regions below it."""

    code: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Summary:
    """All cameras, counted in several ways."""

    all: Tally
    by_state: Mapping[StreamState, int]
    """Of cameras that are switched on."""
    by_department: tuple[OfDepartment, ...]
    by_region: tuple[OfRegion, ...]
    """The regions that are asked for; cameras of no region are in none."""
    by_sector: Mapping[Sector, Tally]


def summary(connection: Connection, *, within: str | None = None, reach: Reach = EVERYTHING) -> Summary:
    """What is within `reach`, departments and regions without anything there left out; the regions are the topmost
    ones, or those right below `within`.

    Raises `NotFound` where there is no region of that code.
    """
    counted = read_cameras(connection).counted(read_states(connection), reach)
    return summed(connection, counted, within, reach)


def summed(connection: Connection, counted: Counted, within: str | None, reach: Reach) -> Summary:
    """The summary of what was `counted` within `reach`. Raises `NotFound` as `summary` does."""
    by_owner = counted.by_department
    owners = [
        OfDepartment(DepartmentId(row.id), row.name, Sector(row.kind), by_owner.get(row.id, _NONE))
        for row in connection.execute(
            select(department.c.id, department.c.name, department.c.kind).order_by(department.c.id)
        )
        if reach.is_all or row.id in reach.departments or row.id in by_owner
    ]
    city, by_sector = Tally(), defaultdict[Sector, Tally](Tally)
    for owner in owners:
        by_sector[owner.kind].add(owner.tally)
        city.add(owner.tally)
    areas = _by_region(connection, counted.by_region, within)
    return Summary(
        all=city,
        by_state=counted.by_state,
        by_department=tuple(owners),
        by_region=tuple(one for one in areas if reach.is_all or one.tally.registered),
        by_sector=by_sector,
    )


@dataclass(slots=True)
class _Node:
    name: str
    parent: str | None
    below: list[str] = field(default_factory=list)


def _by_region(connection: Connection, by_place: Mapping[str, Tally], within: str | None) -> Iterable[OfRegion]:
    tree = {row.code: _Node(row.name, row.parent) for row in connection.execute(select(region).order_by(region.c.code))}
    for code, node in tree.items():
        if node.parent is not None:
            tree[node.parent].below.append(code)
    if within is not None and within not in tree:
        raise NotFound(f"there is no region {within}")
    for code, node in tree.items():
        if node.parent == within:
            yield OfRegion(code, node.name, _total(tree, by_place, code))


_NONE: Final = Tally()


def _total(tree: Mapping[str, _Node], by_place: Mapping[str, Tally], top: str) -> Tally:
    """Of a region with all below it. A region has one parent, so each is met once."""
    total, waiting = Tally(), [top]
    while waiting:
        code = waiting.pop()
        total.add(by_place.get(code, _NONE))
        waiting += tree[code].below
    return total
