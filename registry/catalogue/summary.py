"""The city in a few numbers: how many cameras there are, are switched on, and are online, and where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select, text

from core.camera import DepartmentId
from core.errors import NotFound
from core.stream_state import StreamState

from ..departments import Sector
from ..reach import EVERYTHING, Reach
from ..tables import department, region
from .conditions import IS_SAID
from .filter import CameraFilter
from .search import plan


@dataclass(slots=True)
class Tally:
    """Some cameras, counted."""

    registered: int = 0
    enabled: int = 0
    online: int = 0
    """Those that are switched on, and whose detect stream is live."""

    def add(self, other: "Tally") -> None:
        """Count the cameras of `other` too."""
        self.registered += other.registered
        self.enabled += other.enabled
        self.online += other.online


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


_COUNTS: Final = (
    "{begin} SELECT c.department, c.region, count(*) AS registered, "  # noqa: S608 - constant text
    "sum(CASE WHEN c.enabled THEN 1 ELSE 0 END) AS enabled, "
    "sum(CASE WHEN c.enabled AND s.camera IS NOT NULL THEN 1 ELSE 0 END) AS online FROM {tables} "
    f"LEFT JOIN stream_state s ON s.camera = c.id AND s.state = 'live' AND {IS_SAID} "
    "WHERE {where} GROUP BY c.department, c.region"
)
_ALL_COUNTS: Final = text(_COUNTS.format(begin="", tables="camera c", where="c.deleted_at IS NULL"))
_ALL_STATES: Final = text(
    f"SELECT s.state, count(*) AS number FROM stream_state s WHERE {IS_SAID} GROUP BY s.state"  # noqa: S608 - constant
)
_STATES_OF_NO_ACCOUNT: Final = text(
    "SELECT s.state, count(*) AS number FROM camera c "  # noqa: S608 - constant
    f"JOIN stream_state s ON s.camera = c.id AND {IS_SAID} "
    "WHERE NOT c.enabled OR c.deleted_at IS NOT NULL GROUP BY s.state"
)
_STATES: Final = (
    "{begin} SELECT s.state, count(*) AS number FROM {tables} "  # noqa: S608 - constant text
    f"JOIN stream_state s ON s.camera = c.id AND {IS_SAID} "
    "WHERE c.enabled AND {where} GROUP BY s.state"
)


def summary(connection: Connection, *, within: str | None = None, reach: Reach = EVERYTHING) -> Summary:
    """What is within `reach`, departments and regions without anything there left out; the regions are the topmost
    ones, or those right below `within`.

    Raises `NotFound` where there is no region of that code.
    """
    counts, by_state = _all(connection) if reach.is_all else _reached(connection, reach)
    by_owner: defaultdict[int, Tally] = defaultdict(Tally)
    by_place: defaultdict[str, Tally] = defaultdict(Tally)
    for row in counts:
        tally = Tally(row.registered, row.enabled, row.online)
        by_owner[row.department].add(tally)
        if row.region is not None:
            by_place[row.region].add(tally)
    owners = [
        OfDepartment(DepartmentId(row.id), row.name, Sector(row.kind), by_owner[row.id])
        for row in connection.execute(
            select(department.c.id, department.c.name, department.c.kind).order_by(department.c.id)
        )
        if reach.is_all or row.id in reach.departments or row.id in by_owner
    ]
    city, by_sector = Tally(), defaultdict[Sector, Tally](Tally)
    for owner in owners:
        by_sector[owner.kind].add(owner.tally)
        city.add(owner.tally)
    areas = _by_region(connection, by_place, within)
    return Summary(
        all=city,
        by_state=by_state,
        by_department=tuple(owners),
        by_region=tuple(one for one in areas if reach.is_all or one.tally.registered),
        by_sector=by_sector,
    )


def _all(connection: Connection) -> tuple[Iterable[Row[Any]], dict[StreamState, int]]:
    """All states but those that do not count: these are few, or nobody watches anything."""
    states = Counter({row.state: row.number for row in connection.execute(_ALL_STATES)})
    states -= Counter({row.state: row.number for row in connection.execute(_STATES_OF_NO_ACCOUNT)})
    return connection.execute(_ALL_COUNTS), _by_state(states)


def _reached(connection: Connection, reach: Reach) -> tuple[Iterable[Row[Any]], dict[StreamState, int]]:
    how = plan(connection, CameraFilter(reach=reach))
    if how is None:
        return (), {}
    counts, states = (
        text(form.format(begin=how.begin, tables=how.tables, where=how.where)) for form in (_COUNTS, _STATES)
    )
    found = connection.execute(states, how.given)
    return connection.execute(counts, how.given), _by_state({row.state: row.number for row in found})


def _by_state(numbers: Mapping[str, int]) -> dict[StreamState, int]:
    return {StreamState(state): number for state, number in sorted(numbers.items())}


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
