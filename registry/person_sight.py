"""What a person can see, and by which way: the rules of `visibility.py`, told in the words of grants."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, func, select

from core.access import Principal, Right, Role
from core.camera import DepartmentId
from core.ids import LAST_EVENT

from .access.department_tree import DepartmentTree
from .access.grant import OnDepartment, OnSector, Subject
from .access.granted import Granted, Grounds
from .access.home import is_of_the_city, rights_at_home
from .tables import camera
from .visibility import EventFacts, grants_to
from .way import FACTS, Way, WayKind, at_home, of_the_city, through


def sight_of(
    connection: Connection, principal: Principal, facts: EventFacts, now: datetime
) -> Iterator[tuple[Way, Subject | None, int]]:
    """Each way by which `principal` sees cameras at `now`: on what (None: on everything), and how many these are."""
    tree = DepartmentTree(connection)
    living = _Living(connection)
    if principal.department is not None:
        home = tree.within(principal.department)
        usual = frozenset[Right].intersection(*(rights_at_home(principal.role, one, tree) for one in home))
        yield at_home(usual), OnDepartment(principal.department), living.of_departments(home)
        for one in sorted(home):
            if more := rights_at_home(principal.role, one, tree) - usual:
                yield at_home(more), OnDepartment(one), living.of_departments([one])
    elif is_of_the_city(principal):
        yield of_the_city(principal.role), None, living.all
    if principal.role not in (Role.AUDITOR, Role.CITY_ADMIN):
        if facts is EventFacts.CITY:
            yield Way(WayKind.FACTS, FACTS), None, living.all
        elif facts is EventFacts.SECTOR and principal.department is not None:
            sector = tree.kinds[principal.department]
            yield Way(WayKind.FACTS, FACTS), OnSector(sector), living.of_departments(tree.of_sector(sector))
    made = grants_to(connection, principal)
    in_force = [one for one in made if one.from_at <= now and (one.until_at is None or one.until_at > now)]
    grounds = Grounds(connection, in_force, tree)
    for grant in in_force:
        yield through(grant), grant.on, living.of(grounds.granted(grant))


class _Living:
    """How many cameras there are, without the removed ones."""

    def __init__(self, connection: Connection) -> None:
        count = select(camera.c.department, func.count()).where(camera.c.deleted_at.is_(None))
        self._by_department: dict[int, int] = dict(
            tuple(row) for row in connection.execute(count.group_by(camera.c.department))
        )
        removed = connection.scalars(select(camera.c.id).where(camera.c.deleted_at.is_not(None))).all()
        self._removed = np.array(removed, np.int32)
        self.all = sum(self._by_department.values())

    def of_departments(self, departments: "frozenset[DepartmentId] | list[DepartmentId]") -> int:
        return sum(self._by_department.get(number, 0) for number in departments)

    def of(self, found: Granted) -> int:
        going_on = np.unique(found.spans.cameras[found.spans.highest == LAST_EVENT])
        return self.of_departments(found.departments) + int((~np.isin(going_on, self._removed)).sum())
