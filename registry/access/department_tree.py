"""The departments with what lies below and above each: what roles and grants are worked out on."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from core.camera import DepartmentId

from ..departments import Sector
from ..tables import department


class DepartmentTree:
    """All departments, as a connection sees them. For one thread."""

    def __init__(self, connection: Connection) -> None:
        self.kinds: dict[DepartmentId, Sector] = {}
        self.own_see_originals: set[DepartmentId] = set()
        """Those whose operators may see originals of their own cameras."""
        self._below: dict[DepartmentId, list[DepartmentId]] = {}
        self._parents: dict[DepartmentId, DepartmentId] = {}
        self._within: dict[DepartmentId, frozenset[DepartmentId]] = {}
        for row in connection.execute(
            select(department.c.id, department.c.kind, department.c.parent, department.c.own_see_originals)
        ):
            number = DepartmentId(row.id)
            self.kinds[number] = Sector(row.kind)
            if row.own_see_originals:
                self.own_see_originals.add(number)
            if row.parent is not None:
                self._below.setdefault(DepartmentId(row.parent), []).append(number)
                self._parents[number] = DepartmentId(row.parent)

    def within(self, top: DepartmentId) -> frozenset[DepartmentId]:
        """`top` and all below it; none where there is no such department."""
        if (known := self._within.get(top)) is not None:
            return known
        found, waiting = set[DepartmentId](), [top] if top in self.kinds else []
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self._below.get(number, [])
        self._within[top] = frozenset(found)
        return self._within[top]

    def with_above(self, number: DepartmentId) -> Iterator[DepartmentId]:
        """`number` and those above it, from below; none where there is no such department."""
        above = number if number in self.kinds else None
        while above is not None:
            yield above
            above = self._parents.get(above)

    def of_sector(self, sector: Sector) -> frozenset[DepartmentId]:
        """All of that kind."""
        return frozenset(number for number, kind in self.kinds.items() if kind is sector)
