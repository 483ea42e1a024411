"""What holds name, in the words of today."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from core.camera import DepartmentId
from core.ids import CameraId
from registry.chunks import in_chunks
from registry.tables import camera, department

from .hold import Hold, HoldCamera, HoldDepartment


@dataclass(frozen=True, slots=True)
class HoldNames:
    """The names of all that some holds name."""

    departments: dict[DepartmentId, str] = field(default_factory=dict)
    cameras: dict[CameraId, tuple[str, DepartmentId]] = field(default_factory=dict)
    """Each with its owner of now; those of removed ones, too."""

    def camera(self, number: CameraId, seen_by: Collection[DepartmentId] | None) -> str:
        """The name of a camera for one who is at home in these departments (None: everywhere). Empty where it belongs
        to another one by now: how that calls it is not for whom the hold concerns."""
        name, owner = self.cameras[number]
        return name if seen_by is None or owner in seen_by else ""


def hold_names(connection: Connection, holds: Collection[Hold]) -> HoldNames:
    """The names that it takes to show `holds`."""
    found = HoldNames()
    for chunk in in_chunks({one.on.camera for one in holds if isinstance(one.on, HoldCamera)}):
        rows = connection.execute(select(camera.c.id, camera.c.name, camera.c.department).where(camera.c.id.in_(chunk)))
        found.cameras.update({CameraId(row.id): (row.name, DepartmentId(row.department)) for row in rows})
    named = {one.on.department for one in holds if isinstance(one.on, HoldDepartment)}
    named |= {one.owner for one in holds if one.owner is not None}
    for some in in_chunks(named):
        rows = connection.execute(select(department.c.id, department.c.name).where(department.c.id.in_(some)))
        found.departments.update({DepartmentId(row.id): row.name for row in rows})
    return found
