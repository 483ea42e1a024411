"""The departments with what lies below each: what roles and grants are worked out on."""

from sqlalchemy import Connection, select

from core.camera import DepartmentId

from ..departments import Sector
from ..tables import department


class DepartmentTree:
    """All departments, as a connection sees them."""

    def __init__(self, connection: Connection) -> None:
        self.kinds: dict[DepartmentId, Sector] = {}
        self.own_see_originals: set[DepartmentId] = set()
        """Those whose operators may see originals of their own cameras."""
        self._below: dict[DepartmentId, list[DepartmentId]] = {}
        for row in connection.execute(
            select(department.c.id, department.c.kind, department.c.parent, department.c.own_see_originals)
        ):
            number = DepartmentId(row.id)
            self.kinds[number] = Sector(row.kind)
            if row.own_see_originals:
                self.own_see_originals.add(number)
            if row.parent is not None:
                self._below.setdefault(DepartmentId(row.parent), []).append(number)

    def within(self, top: DepartmentId) -> frozenset[DepartmentId]:
        """`top` and all below it; none where there is no such department."""
        found, waiting = set[DepartmentId](), [top] if top in self.kinds else []
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self._below.get(number, [])
        return frozenset(found)

    def of_sector(self, sector: Sector) -> frozenset[DepartmentId]:
        """All of that kind."""
        return frozenset(number for number, kind in self.kinds.items() if kind is sector)
