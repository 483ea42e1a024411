"""Who asks: somebody who sees everything, a department's operator, and one with 300 cameras anywhere in the city."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from sqlalchemy import Connection, select

from core.access import Role
from core.camera import DepartmentId
from core.clock import SystemClock
from core.ids import CameraId
from registry import departments
from registry.access import api_keys
from registry.access.tables import access_grant
from registry.db import Database

from ...simulate.sharing import camera_numbers, grant_cameras, largest_department

SHARED: Final = 300
_GUEST: Final = "Benchmark of searches"
"""A department without cameras of its own."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks, with a key, and what is within reach; nothing of it: everything is."""

    name: str
    key: str = field(repr=False)
    departments: frozenset[int] | None = None
    """Of the events."""
    cameras: frozenset[int] | None = None


def make_askers(database: Database, seed: int) -> list[Asker]:
    """Keys of three programs; the third one's grants are made, unless they are there from an earlier run."""
    at = SystemClock().now()
    with database.write() as connection:
        guest, shared = _guest(connection, seed)
        large = largest_department(connection)
        made: list[Asker] = []
        asking: Sequence[tuple[str, Role, DepartmentId | None]] = (
            ("all", Role.CITY_ADMIN, None),
            ("department", Role.OPERATOR, large),
            (f"{len(shared)} cameras", Role.OPERATOR, guest),
        )
        for name, role, department in asking:
            _, text = api_keys.add(
                connection, name=f"bench search: {name}", role=role, department=department, made_by=None, at=at
            )
            made.append(Asker(name, text))
        below = _with_all_below(connection, large)
    everyone, operator, with_grants = made
    return [
        everyone,
        Asker(operator.name, operator.key, departments=below),
        Asker(with_grants.name, with_grants.key, cameras=shared),
    ]


def _guest(connection: Connection, seed: int) -> tuple[DepartmentId, frozenset[int]]:
    """The department without cameras, and those that are shared with it."""
    for one in departments.list_departments(connection):
        if one.name == _GUEST:
            granted = select(access_grant.c.on_camera).where(access_grant.c.to_department == one.id)
            return one.id, frozenset(connection.scalars(granted))
    numbers = camera_numbers(connection)
    chosen = np.random.default_rng(seed).choice(numbers, min(SHARED, len(numbers)), replace=False)
    guest = departments.add(connection, name=_GUEST).id
    shared = [CameraId(int(number)) for number in np.sort(chosen)]
    grant_cameras(connection, shared, guest, SystemClock().now())
    return guest, frozenset(int(number) for number in shared)


def _with_all_below(connection: Connection, top: DepartmentId) -> frozenset[int]:
    parents = {one.id: one.parent for one in departments.list_departments(connection)}
    found = {top}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)
